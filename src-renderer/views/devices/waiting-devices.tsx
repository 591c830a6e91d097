import { type ReactNode, useState } from 'react';
import { roleWords } from '../../../src-shared/protocol/roles.ts';
import type { InvitationView, WaitingDevice } from '../../../src-shared/views/device.ts';
import { useManageAccess } from '../../data/managed-lattice.ts';
import { Button } from '../../ui/button.tsx';
import { Code } from '../../ui/code.tsx';
import { cx } from '../../ui/cx.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { Time } from '../../ui/time.tsx';
import { toastError } from '../../ui/toast.tsx';
import { WaitingDialog } from './waiting-dialog.tsx';

const ROW = 'flex min-h-36 items-center gap-8 text-body';

/** Devices that wait for a yes, and links that are still open. */
export function WaitingDevices(props: {
  invitations: readonly InvitationView[];
  locked: string | undefined;
  /** Where the list stands, which decides how far its rows stand in. */
  inset?: 'page' | 'panel';
}): ReactNode {
  const row = cx(ROW, props.inset === 'panel' ? 'px-16' : 'px-20');
  const { mutate } = useManageAccess();
  const [asked, setAsked] = useState<string | undefined>(undefined);
  const open = props.invitations.filter((invitation) => invitation.state === 'open');
  const waiting = open.flatMap((invitation) => invitation.waiting);
  const decided = waiting.find((device) => device.id === asked);
  if (open.length === 0) return null;
  return (
    <>
      <ul
        aria-label="Open invitations"
        className="max-h-200 shrink-0 overflow-y-auto border-b border-hairline py-4"
      >
        {waiting.map((device) => (
          <WaitingRow
            key={device.id}
            className={row}
            showsKey={props.inset !== 'panel'}
            device={device}
            locked={props.locked}
            onAsk={() => setAsked(device.id)}
          />
        ))}
        {open.map(({ id, role, by, expires_at }) => (
          <li key={id} className={cx(row, 'text-2')}>
            <Glyph status="queued" size={14} label="Open" />
            <span>
              {by === undefined ? 'A link' : `A link of ${by}`} for one {roleWords[role].title.toLowerCase()},
              until <Time at={expires_at} as="moment" />
            </span>
            <Button
              size="small"
              className="ml-auto"
              disabledReason={props.locked}
              onClick={() =>
                mutate(
                  { op: 'withdraw', invitation: id },
                  { onError: (error) => toastError('The link was not withdrawn', error) },
                )
              }
            >
              Withdraw the link
            </Button>
          </li>
        ))}
      </ul>
      {decided !== undefined && <WaitingDialog device={decided} onClose={() => setAsked(undefined)} />}
    </>
  );
}

function WaitingRow(props: {
  className: string;
  device: WaitingDevice;
  showsKey: boolean;
  locked: string | undefined;
  onAsk(): void;
}): ReactNode {
  const { className, device, showsKey, locked, onAsk } = props;
  return (
    <li className={cx(className, 'text-1')}>
      <Glyph status="escalated" size={14} label="Asks you" />
      <span className="min-w-0 truncate">
        <span className="font-medium">{device.name}</span> asks to be let in as{' '}
        {roleWords[device.role].title.toLowerCase()}
      </span>
      {showsKey && <Code className="truncate text-2 max-wide:hidden">{device.fingerprint}</Code>}
      <Button
        size="small"
        variant="main"
        className="ml-auto"
        aria-label={`Decide on ${device.name}`}
        disabledReason={locked}
        onClick={onAsk}
      >
        Decide
      </Button>
    </li>
  );
}
