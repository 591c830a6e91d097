import type { MouseEvent, ReactNode } from 'react';
import type { MeshEvent } from '../../../src-shared/views/mesh.ts';
import { Time } from '../../ui/time.tsx';
import { EventGlyph } from './event-glyph.tsx';
import { EVENT_KINDS } from './event-kinds.ts';

export interface EventRowProps {
  event: MeshEvent;
  onOpen(event: MeshEvent): void;
}

/** One line of the list: what kind, what happened, where, when. */
export function EventRow({ event, onOpen }: EventRowProps): ReactNode {
  const open = (press: MouseEvent<HTMLElement>) => {
    press.currentTarget.closest<HTMLElement>('[role="grid"]')?.focus();
    onOpen(event);
  };
  return (
    <div className="flex h-full items-center gap-10 pr-16 pl-20 text-small text-2">
      <EventGlyph kind={event.kind} />
      <span className="w-104 shrink-0 truncate">{EVENT_KINDS[event.kind].word}</span>
      <button
        type="button"
        tabIndex={-1}
        onClick={open}
        title={event.detail}
        className="min-w-0 flex-1 truncate text-left text-body text-1 after:absolute after:inset-0"
      >
        {event.detail}
      </button>
      <span className="w-128 shrink-0 truncate">{event.station_name ?? event.station_id}</span>
      <span className="relative z-1 w-72 shrink-0 text-right text-3">
        <Time at={event.time} />
      </span>
    </div>
  );
}
