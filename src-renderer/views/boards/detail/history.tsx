import type { ReactNode } from 'react';
import type { TaskDetail } from '../../../../src-shared/views/board.ts';
import { Time } from '../../../ui/time.tsx';
import { ActorMark } from '../parts/actor-mark.tsx';

/** Lines shown at once; the newest are what one looks for. */
const SHOWN = 300;

/** What happened to a task, the newest first. */
export function History({ detail }: { detail: TaskDetail }): ReactNode {
  const lines = detail.history.toReversed().slice(0, SHOWN);
  return (
    <ol className="flex flex-col gap-8 px-16 py-12">
      {lines.map((event) => (
        <li key={event.id} className="flex items-start gap-8">
          <span className="mt-1 inline-flex">
            <ActorMark actor={event.actor} named />
          </span>
          <p className="takeable min-w-0 flex-1 text-body wrap-anywhere text-2">
            <span className="font-medium text-1">{event.actor.name}</span> {event.text}
          </p>
          <span className="shrink-0 text-small text-3">
            <Time at={event.at} as="moment" />
          </span>
        </li>
      ))}
      {detail.history.length > SHOWN && (
        <li className="text-small text-3">
          {detail.history.length - SHOWN} older lines are in the log of the task.
        </li>
      )}
    </ol>
  );
}
