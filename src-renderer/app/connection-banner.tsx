import type { ReactNode } from 'react';
import { useNode } from '../data/live.ts';
import { useAction } from '../data/queries.ts';
import { Banner, LinkButton } from '../ui/banner.tsx';
import { clock } from '../ui/format.ts';
import { toastError } from '../ui/toast.tsx';

/** While the hub is lost: how old what is shown is, and what is done about it. */
export function ConnectionBanner(): ReactNode {
  const node = useNode();
  const reconnect = useAction('node.reconnect');
  const connection = node?.connection;
  if (node === undefined || node.mode === 'idle' || connection === undefined) return null;
  if (connection.state !== 'reconnecting' && connection.state !== 'failed') return null;
  const tryNow = () =>
    reconnect.mutate(undefined, { onError: (error) => toastError('The hub does not answer', error) });
  const since = clock(connection.since, true);
  return (
    <Banner
      status={connection.state === 'failed' ? 'failed' : 'late'}
      action={<LinkButton onClick={tryNow}>Try now</LinkButton>}
    >
      Shown as of {since}.{' '}
      {connection.state === 'failed'
        ? (connection.error?.message ?? 'The hub cannot be reached.')
        : `Reconnecting, attempt ${connection.attempt}.`}
    </Banner>
  );
}
