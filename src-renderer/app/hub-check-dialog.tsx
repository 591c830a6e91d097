import type { ReactNode } from 'react';
import type { CallInput } from '../../src-shared/ipc.ts';
import type { CheckState, FeatureCheck, HubCheck } from '../../src-shared/views/hub-check.ts';
import { useFreshAnswer } from '../data/queries.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { FailureText } from '../ui/failure-text.tsx';
import { milliseconds } from '../ui/format.ts';
import { Loading } from '../ui/states.tsx';
import type { Status } from '../ui/status.ts';

export interface HubCheckDialogProps {
  /** Where to look; the hub that this machine is on without. */
  target?: CallInput<'hub.check'>['target'];
  onClose(): void;
}

const STATES: Readonly<Record<CheckState, { status: Status; word: string }>> = {
  ok: { status: 'completed', word: 'Works' },
  limited: { status: 'late', word: 'Limited' },
  off: { status: 'failed', word: 'Off' },
};

/** What an account on a hub that somebody else runs lets this machine do. */
export function HubCheckDialog({ target, onClose }: HubCheckDialogProps): ReactNode {
  const { data, error, isFetching, refetch } = useFreshAnswer('hub.check', { target });
  return (
    <Dialog
      open
      onClose={onClose}
      width={640}
      title="What this hub allows"
      text="Nothing is made or changed there by looking."
      scrolls="What was found"
      safe={
        data !== undefined && (
          <CopyButton text={data.permissions.conf} label="Copy the permissions for the admin" size={28} />
        )
      }
      actions={
        <>
          <Button busy={isFetching} busyLabel="Checking" onClick={() => void refetch()}>
            Check again
          </Button>
          <Button variant="main" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <FailureText error={error} />
      {data === undefined && error === null && <Loading label="Asking the hub" />}
      {data !== undefined && <Found check={data} />}
    </Dialog>
  );
}

function Found({ check }: { check: HubCheck }): ReactNode {
  const { server, who } = check;
  const as = [who.way, who.user, who.account && `account ${who.account}`].filter(Boolean).join(', ');
  return (
    <div className="flex flex-col gap-12">
      <p className="takeable text-small text-2">
        nats-server {server.version} at {server.url}
        {server.cluster !== undefined && `, cluster ${server.cluster}`}, {server.tls ? 'with' : 'without'}{' '}
        TLS, {milliseconds(server.rtt_ms)}. Connected with {as}.
      </p>
      <ul
        aria-label="Features"
        className="flex flex-col divide-y divide-hairline rounded-control border border-border"
      >
        {check.features.map((feature) => (
          <Feature key={feature.id} feature={feature} />
        ))}
      </ul>
    </div>
  );
}

function Feature({ feature }: { feature: FeatureCheck }): ReactNode {
  const { title, state, facts, without, missing } = feature;
  return (
    <li className="flex flex-col gap-4 px-12 py-8 text-small text-2">
      <span className="flex items-center gap-8">
        <span className="flex-1 text-body text-1">{title}</span>
        <Badge {...STATES[state]} />
      </span>
      {without !== undefined && <span className="text-fail">{without}</span>}
      {facts.map((fact) => (
        <span key={fact} className="takeable wrap-anywhere">
          {fact}
        </span>
      ))}
      {missing.map(({ verb, subject }) => (
        <span key={`${verb} ${subject}`} className="takeable font-mono text-mono-small wrap-anywhere">
          {verb} {subject}
        </span>
      ))}
    </li>
  );
}
