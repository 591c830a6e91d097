import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import type { StationView } from '../../../src-shared/views/mesh.ts';
import { listOf, useLive } from '../../data/live.ts';
import { LinkButton } from '../../ui/banner.tsx';
import { RegionHead } from '../../ui/page.tsx';
import { Time } from '../../ui/time.tsx';
import { filterEvents } from '../events/event-filter.ts';
import { EventGlyph } from '../events/event-glyph.tsx';
import { EVENT_KINDS } from '../events/event-kinds.ts';
import { showEventsOf } from '../events/use-event-filter.ts';

/** Events that the detail lists before it leads to all of them. */
const LISTED = 8;

/** What happened to a station lately. */
export function StationEvents({ station }: { station: StationView }): ReactNode {
  const navigate = useNavigate();
  const all = listOf(useLive('events.watch').items);
  const events = useMemo(
    () => filterEvents(all, { groups: new Set(), station: station.id, text: '' }),
    [all, station.id],
  );
  const openAll = () => {
    showEventsOf(station.id);
    void navigate({ to: '/events' });
  };
  return (
    <section aria-label="Recent events">
      <RegionHead title="Recent events" meta={events.length}>
        {events.length > 0 && <LinkButton onClick={openAll}>All events</LinkButton>}
      </RegionHead>
      {events.length === 0 ? (
        <p className="px-16 py-12 text-body text-2">Nothing was heard about it since this machine joined.</p>
      ) : (
        <ul>
          {events.slice(0, LISTED).map((event) => (
            <li key={event.seq} className="flex items-start gap-10 px-16 py-6 text-small">
              <EventGlyph kind={event.kind} className="mt-1" />
              <span className="min-w-0 flex-1 wrap-anywhere text-2">
                <span className="font-medium text-1">{EVENT_KINDS[event.kind].word}</span> {event.detail}
              </span>
              <span className="shrink-0 text-3">
                <Time at={event.time} as="moment" />
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
