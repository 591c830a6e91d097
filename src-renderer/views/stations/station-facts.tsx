import type { ReactNode } from 'react';
import type { StationView } from '../../../src-shared/views/mesh.ts';
import { useNode } from '../../data/live.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Fact, Facts } from '../../ui/facts.tsx';
import { bytes, count } from '../../ui/format.ts';
import { shortId } from '../../ui/id.tsx';
import { Time } from '../../ui/time.tsx';

function Version({ station }: { station: StationView }): ReactNode {
  const own = useNode()?.version;
  const differs = own !== undefined && own !== station.version;
  return (
    <>
      {station.version}
      {differs && <span className="text-late">This machine has {own}</span>}
    </>
  );
}

/** What a station is. */
export function StationFacts({ station }: { station: StationView }): ReactNode {
  const { platform } = station;
  const offline = station.status === 'offline';
  return (
    <section aria-label="Identity" className="border-b border-hairline">
      <Facts>
        <Fact name="Id">
          <span className="font-mono text-mono" title={station.id}>
            {shortId(station.id)}
          </span>
          <CopyButton text={station.id} label="Copy the whole id" />
        </Fact>
        <Fact name="System">
          {platform.os} {platform.arch}
        </Fact>
        <Fact name="Host name">{platform.hostname}</Fact>
        <Fact name="Cores">{count(platform.cores)}</Fact>
        <Fact name="Memory">{bytes(platform.memory_bytes)}</Fact>
        <Fact name={offline ? 'Started' : 'Uptime'}>
          <Time at={station.started_at} as={offline ? 'moment' : 'exact-age'} />
        </Fact>
        <Fact name="Version">
          <Version station={station} />
        </Fact>
      </Facts>
    </section>
  );
}
