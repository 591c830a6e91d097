import type { ReactNode } from 'react';
import { useAction } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { toast } from '../../ui/toast.tsx';

/** What is to change about the access of this device. */
export type AccessStep = 'rotate' | 'leave' | 'forget';

interface StepWords {
  title: string;
  text: string;
  safe: string;
  verb: string;
  busy: string;
  done: string;
}

function wordsOf(step: AccessStep, lattice: string): StepWords {
  switch (step) {
    case 'rotate':
      return {
        title: 'Make a new key?',
        text: 'The host takes the new key and forgets the old one. Direct calls that run here are stopped, and work is handed back and taken again. The words of the key change.',
        safe: 'Keep the key',
        verb: 'Make a new key',
        busy: 'Changing the key',
        done: 'The key was changed',
      };
    case 'leave':
      return {
        title: `Give the access to ${lattice} back?`,
        text: 'The host takes this device off its list, and its work goes back to the queue. To return, it needs a new link.',
        safe: 'Stay',
        verb: 'Give access back',
        busy: 'Leaving',
        done: `This device left ${lattice}`,
      };
    case 'forget':
      return {
        title: `Forget ${lattice} on this device?`,
        text: 'This device leaves and forgets where the lattice is. The host is not told: it still lists the device until it takes its access back.',
        safe: 'Keep it',
        verb: 'Forget it',
        busy: 'Forgetting',
        done: `${lattice} is forgotten here`,
      };
  }
}

export interface AccessDialogProps {
  step: AccessStep;
  lattice: string;
  onClose(): void;
}

/** The question before a change of the access of this device. */
export function AccessDialog({ step, lattice, onClose }: AccessDialogProps): ReactNode {
  const rotate = useAction('access.rotateKey', ['access.own', 'devices.list']);
  const leave = useAction('access.giveBack', ['access.own']);
  const forget = useAction('access.forget', ['access.own']);
  const { mutate, isPending, error } = { rotate, leave, forget }[step];
  const words = wordsOf(step, lattice);
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.title}
      text={words.text}
      safe={<Button onClick={onClose}>{words.safe}</Button>}
      actions={
        <Button
          variant={step === 'rotate' ? 'main' : 'destroy'}
          busy={isPending}
          busyLabel={words.busy}
          onClick={() =>
            mutate(undefined, {
              onSuccess: () => {
                onClose();
                toast({ status: 'completed', title: words.done });
              },
            })
          }
        >
          {words.verb}
        </Button>
      }
    >
      {error !== null && (
        <p role="alert" className="text-small text-fail">
          {error.message} {error.hint}
          {step === 'leave' && ' You can forget the lattice without its host.'}
        </p>
      )}
    </Dialog>
  );
}
