import { type ReactNode, useState } from 'react';
import type { WaitingDevice } from '../../../src-shared/views/device.ts';
import { useManageAccess } from '../../data/managed-lattice.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { WaitingFacts } from './waiting-facts.tsx';

/** The question whether a device that waits may come in. The safe answer has the focus. */
export function WaitingDialog({ device, onClose }: { device: WaitingDevice; onClose(): void }): ReactNode {
  const [allow, setAllow] = useState<boolean | undefined>(undefined);
  const { mutate, isPending, error } = useManageAccess();
  const decide = (answer: boolean) => {
    setAllow(answer);
    const { invitation, key } = device;
    mutate({ op: 'decide', invitation, key, allow: answer }, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      width={480}
      title={`Let ${device.name} in?`}
      text="It has a link of this lattice and waits for a yes. Compare the words of its key with those on its screen, for example by phone."
      safe={<Button onClick={onClose}>Decide later</Button>}
      actions={
        <>
          <Button
            variant="danger"
            busy={isPending && allow === false}
            busyLabel="Refusing"
            onClick={() => decide(false)}
          >
            Refuse
          </Button>
          <Button
            variant="main"
            busy={isPending && allow === true}
            busyLabel="Letting in"
            onClick={() => decide(true)}
          >
            Let it in
          </Button>
        </>
      }
    >
      <WaitingFacts device={device} />
      {error !== null && (
        <p role="alert" className="text-small text-fail">
          {error.message} {error.hint}
        </p>
      )}
    </Dialog>
  );
}
