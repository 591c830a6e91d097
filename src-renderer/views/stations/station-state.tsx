import type { ReactNode } from 'react';
import { LATE_AFTER_MS, OFFLINE_AFTER_MS } from '../../../src-shared/protocol/station.ts';
import type { StationView } from '../../../src-shared/views/mesh.ts';
import { Badge } from '../../ui/badge.tsx';
import { cx } from '../../ui/cx.ts';
import { useNow } from '../../ui/now.ts';
import { Time } from '../../ui/time.tsx';

function Late({ station }: { station: StationView }): ReactNode {
  const age = useNow() - Date.parse(station.last_heard ?? station.status_since);
  const left = Math.ceil((OFFLINE_AFTER_MS - age) / 1_000);
  return (
    <p>
      It has been silent for more than {LATE_AFTER_MS / 1_000} s.{' '}
      {left > 0
        ? `Its work waits ${left} s more; then it counts as offline.`
        : 'It is about to count as offline.'}
    </p>
  );
}

function Offline({ station }: { station: StationView }): ReactNode {
  return (
    <>
      <p>Calls that ran here have ended with an error.</p>
      <p>
        Durable work goes back to the queue when its lease lapses, and another station that offers the agent
        takes it. {station.name} is back in this list under the same id as soon as it is heard.
      </p>
    </>
  );
}

/** The state of a station, since when, and what it means for the work on it. */
export function StationState({ station }: { station: StationView }): ReactNode {
  const { status, status_since: since, last_heard: heard } = station;
  return (
    <section
      aria-label="State"
      className={cx(
        'flex flex-col gap-8 border-b border-hairline px-16 py-12 text-body text-2',
        status === 'late' && 'bg-late-subtle/60',
        status === 'offline' && 'bg-calm-subtle/60',
      )}
    >
      <div className="flex items-center gap-8">
        <Badge status={status} />
        <span>
          since <Time at={since} as="moment" />, <Time at={since} as="exact-age" />
        </span>
        {heard !== undefined && !station.is_self && (
          <span className="ml-auto text-small text-2">
            Last heard <Time at={heard} as={status === 'offline' ? 'clock' : 'ago'} />
          </span>
        )}
      </div>
      {status === 'late' && <Late station={station} />}
      {status === 'offline' && <Offline station={station} />}
    </section>
  );
}
