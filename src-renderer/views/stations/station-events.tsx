import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { listOf, useLive } from '../../data/live.ts';
import { useRemembered } from '../../data/view-state.ts';
import { LinkButton } from '../../ui/banner.tsx';
import { RegionHead } from '../../ui/page.tsx';
import { Time } from '../../ui/time.tsx';
import { EventMark } from '../events/event-mark.tsx';

/** Events that find room in the detail. */
const SHOWN = 8;

/** What happened lately with a station. */
export function StationEvents({ stationId }: { stationId: string }): ReactNode {
  const all = listOf(useLive('events.watch').items);
  const navigate = useNavigate();
  const [, filterEvents] = useRemembered('events.station', '');
  const events = useMemo(
    () =>
      all
        .filter((event) => event.station_id === stationId)
        .slice(-SHOWN)
        .reverse(),
    [all, stationId],
  );
  return (
    <section aria-label="Recent events of the station">
      <RegionHead title={<span className="pl-4">Recent events</span>}>
        <LinkButton
          onClick={() => {
            filterEvents(stationId);
            void navigate({ to: '/events' });
          }}
        >
          All events
        </LinkButton>
      </RegionHead>
      {events.length === 0 && (
        <p className="px-20 py-10 text-body text-3">Nothing happened with it since this app started.</p>
      )}
      <ul>
        {events.map((event) => (
          <li
            key={event.seq}
            className="flex min-h-32 items-center gap-10 border-b border-hairline px-20 text-small"
          >
            <EventMark kind={event.kind} />
            <span className="min-w-0 flex-1 truncate text-2" title={event.detail}>
              {event.detail}
            </span>
            <span className="shrink-0 text-3">
              <Time at={event.time} as="moment" />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
