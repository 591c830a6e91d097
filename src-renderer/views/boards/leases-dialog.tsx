import { type ReactNode, useEffect } from 'react';
import type { BoardLeases, BoardView } from '../../../src-shared/views/board.ts';
import { useAction, useAnswer } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Time } from '../../ui/time.tsx';
import { toastError } from '../../ui/toast.tsx';
import { setBoardState } from './board-state.ts';
import { ActorName } from './parts/actor-mark.tsx';

type Resource = BoardLeases['resources'][number];

function ResourceLine({ board, resource }: { board: BoardView; resource: Resource }): ReactNode {
  const { mutate, isPending } = useAction('board.lease', ['board.leases']);
  const { name, description, holders, places, mine } = resource;
  const full = holders.length >= places ? 'It is held. It is free when the lease ends.' : undefined;
  const change = () =>
    mutate(
      { board: board.id, resource: name, take: !mine },
      { onError: (error) => toastError(mine ? `${name} was not released` : `${name} is not yours`, error) },
    );
  return (
    <li className="flex min-h-32 items-center gap-10 border-t border-hairline py-4">
      <span className="min-w-0 flex-1">
        <span className="block truncate text-body text-1" title={description}>
          {name}
        </span>
        {holders.length === 0 ? (
          <span className="text-small text-3">Free</span>
        ) : (
          holders.map(({ actor, until }) => (
            <span key={actor.key} className="flex items-center gap-6 text-small text-2">
              <ActorName actor={actor} />
              <span className="shrink-0 text-3">
                until <Time at={until} />
              </span>
            </span>
          ))
        )}
      </span>
      <span className="figures shrink-0 text-small text-3">
        {holders.length} of {places} held
      </span>
      <Button
        size="small"
        aria-label={`${mine ? 'Release' : 'Acquire'} ${name}`}
        busy={isPending}
        disabledReason={board.read_only ?? (mine ? undefined : full)}
        onClick={change}
      >
        {mine ? 'Release' : 'Acquire'}
      </Button>
    </li>
  );
}

function Content({ board, leases }: { board: BoardView; leases: BoardLeases }): ReactNode {
  const { resources, sessions } = leases;
  return (
    <div className="flex max-h-400 flex-col gap-16 overflow-y-auto">
      <section aria-label="Resources">
        <h3 className="pb-4 text-small font-semibold text-1">Resources</h3>
        {resources.length === 0 && (
          <p className="text-body text-3">None yet. Make one with: lattice board resource create staging</p>
        )}
        <ul>
          {resources.map((resource) => (
            <ResourceLine key={resource.name} board={board} resource={resource} />
          ))}
        </ul>
      </section>
      <section aria-label="Sessions">
        <h3 className="pb-4 text-small font-semibold text-1">Sessions</h3>
        {sessions.length === 0 && <p className="text-body text-3">No agent has a session.</p>}
        <ul>
          {sessions.map((session) => (
            <li
              key={session.name}
              className="flex min-h-32 items-center gap-10 border-t border-hairline text-body text-1"
            >
              <span className="min-w-0 flex-1 truncate">{session.name}</span>
              <span className="truncate text-small text-3">{session.model}</span>
              <span className="shrink-0 text-small text-3">
                since <Time at={session.started_at} />
              </span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

/** Who holds which resource of a board and until when, and the sessions of agents. */
export function LeasesDialog({ board }: { board: BoardView }): ReactNode {
  const { data, error, refetch } = useAnswer('board.leases', { board: board.id });
  // Other programs take and release too, and answers are kept.
  useEffect(() => void refetch(), [refetch]);
  const close = () => setBoardState({ sheet: 'none' });
  return (
    <Dialog
      open
      onClose={close}
      width={560}
      title="Resources and sessions"
      text="A resource is held by so many at once, and a lease runs out by itself."
      safe={<Button onClick={close}>Close</Button>}
      actions={<Button onClick={() => void refetch()}>Look again</Button>}
    >
      {error !== null && <p className="text-body text-fail">{error.message}</p>}
      {data !== undefined && <Content board={board} leases={data} />}
    </Dialog>
  );
}
