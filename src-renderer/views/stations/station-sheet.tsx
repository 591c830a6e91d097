import { ServerOff } from 'lucide-react';
import type { ReactNode } from 'react';
import type { StationView } from '../../../src-shared/views/mesh.ts';
import { Badge } from '../../ui/badge.tsx';
import { duration, exact } from '../../ui/format.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { Id } from '../../ui/id.tsx';
import { RegionHead } from '../../ui/page.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Empty } from '../../ui/states.tsx';
import { Elapsed, Time } from '../../ui/time.tsx';
import { StationAgents } from './station-agents.tsx';
import { StationEvents } from './station-events.tsx';
import { type LoadSample, systemText } from './station-facts.ts';
import { StationLoad } from './station-load.tsx';

function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <div className="grid grid-cols-[112px_minmax(0,1fr)] items-baseline gap-x-16">
      <dt className="text-body text-3">{name}</dt>
      <dd className="takeable min-w-0 truncate text-body text-1">{children}</dd>
    </div>
  );
}

/** Whether it is there, and since when or since when not. */
function StateLine({ station }: { station: StationView }): ReactNode {
  const { status, status_since, last_heard } = station;
  return (
    <p className="flex items-center gap-10 px-20 pt-16 text-body text-2">
      <Badge status={status} />
      <span className="truncate">
        {'Since '}
        <Time at={status_since} as="moment" />
        {status !== 'online' && last_heard !== undefined && (
          <>
            {', last heard '}
            <Time at={last_heard} as="clock" />
          </>
        )}
      </span>
    </p>
  );
}

/** How long it runs; of one that is gone, how long it ran. */
function Uptime({ station }: { station: StationView }): ReactNode {
  const { started_at, last_heard, status } = station;
  const until = status === 'offline' ? last_heard : undefined;
  if (until === undefined)
    return (
      <span title={exact(started_at)}>
        <Elapsed from={started_at} />
      </span>
    );
  return `${duration(Date.parse(until) - Date.parse(started_at))}, until it went`;
}

export interface StationSheetProps {
  id: string;
  station: StationView | undefined;
  course: readonly LoadSample[];
  onClose(): void;
}

/** A station: what it is, how busy it is, what it offers and what happened with it. */
export function StationSheet({ id, station, course, onClose }: StationSheetProps): ReactNode {
  if (station === undefined)
    return (
      <Sheet open onClose={onClose} title="Station">
        <Empty
          icon={ServerOff}
          title="This station is not known"
          text={<>Nothing was heard of {id} since this app started.</>}
        />
      </Sheet>
    );
  return (
    <Sheet open onClose={onClose} title={station.name} lead={<Glyph status={station.status} size={16} />}>
      <StateLine station={station} />
      <dl className="flex flex-col gap-6 px-20 pt-12 pb-16">
        <Fact name="System">{systemText(station)}</Fact>
        <Fact name="Host name">{station.platform.hostname}</Fact>
        <Fact name="Architecture">{station.platform.arch}</Fact>
        <Fact name="Runs for">
          <Uptime station={station} />
        </Fact>
        <Fact name="Version">{station.version}</Fact>
        <Fact name="Station id">
          <Id id={station.id} />
        </Fact>
        {(station.is_self || station.hosts_hub) && (
          <Fact name="Role">
            {[station.is_self && 'This machine', station.hosts_hub && 'Hosts the hub']
              .filter(Boolean)
              .join(', ')}
          </Fact>
        )}
      </dl>
      {station.status !== 'offline' && (
        <section aria-label="Load" className="border-b border-hairline">
          <RegionHead title={<span className="pl-4">Load</span>} />
          <StationLoad station={station} course={course} />
        </section>
      )}
      <StationAgents stationId={station.id} />
      <StationEvents stationId={station.id} />
    </Sheet>
  );
}
