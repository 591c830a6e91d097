import type { ReactNode } from 'react';
import { roleWords } from '../../../src-shared/protocol/roles.ts';
import type { InvitationView } from '../../../src-shared/views/device.ts';
import { useAction } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Time } from '../../ui/time.tsx';
import { toastError } from '../../ui/toast.tsx';

/** Devices that wait for a yes, and links that are still open. */
export function WaitingDevices({ invitations }: { invitations: readonly InvitationView[] }): ReactNode {
  const { mutate } = useAction('devices.manage', ['devices.list']);
  const open = invitations.filter((invitation) => invitation.state === 'open');
  if (open.length === 0) return null;
  const onError = (error: Error) => toastError('This was not changed', error);
  return (
    <ul aria-label="Open invitations" className="max-h-200 shrink-0 overflow-y-auto border-b border-hairline">
      {open.flatMap(({ id, role, expires_at, waiting }) => [
        <li key={id} className="flex min-h-36 items-center gap-8 px-20 text-body text-2">
          <span>
            A link for one {roleWords[role].title.toLowerCase()}, until <Time at={expires_at} as="moment" />
          </span>
          <Button
            size="small"
            className="ml-auto"
            onClick={() => mutate({ op: 'withdraw', invitation: id }, { onError })}
          >
            Withdraw the link
          </Button>
        </li>,
        ...waiting.map(({ key, name, platform }) => (
          <li key={`${id}/${key}`} className="flex min-h-36 items-center gap-8 px-20 text-body text-1">
            <span>
              {name} ({platform}) asks to be let in
            </span>
            <Button
              size="small"
              className="ml-auto"
              aria-label={`Refuse ${name}`}
              onClick={() => mutate({ op: 'decide', invitation: id, key, allow: false }, { onError })}
            >
              Refuse
            </Button>
            <Button
              size="small"
              variant="main"
              aria-label={`Let ${name} in`}
              onClick={() => mutate({ op: 'decide', invitation: id, key, allow: true }, { onError })}
            >
              Let in
            </Button>
          </li>
        )),
      ])}
    </ul>
  );
}
