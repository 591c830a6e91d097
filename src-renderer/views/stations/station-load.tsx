import type { ReactNode } from 'react';
import type { StationView } from '../../../src-shared/views/mesh.ts';
import type { LoadSample } from '../../data/load-history.ts';
import { useLoadHistory } from '../../data/loads.ts';
import { percent, plural, roughDuration } from '../../ui/format.ts';
import { RegionHead } from '../../ui/page.tsx';
import { Slots } from '../../ui/slots.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';

function Course(props: {
  name: string;
  value: string;
  values: readonly number[];
  highest: string;
}): ReactNode {
  return (
    <div className="min-w-0 flex-1 border-l border-hairline px-16 py-10 first:border-l-0">
      <dt className="flex items-baseline justify-between gap-8 text-small text-2">
        {props.name}
        <span className="figures text-tiny text-3">up to {props.highest}</span>
      </dt>
      <dd>
        <span className="figures block text-figure-small text-1">{props.value}</span>
        <Sparkline
          values={props.values}
          label={`${props.name}, now ${props.value}, up to ${props.highest}`}
          tone={props.name === 'Busy' ? 'run' : 'quiet'}
        />
      </dd>
    </div>
  );
}

function reach(samples: readonly LoadSample[]): string {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at - first.at < 10_000) return 'collecting';
  return `last ${roughDuration(last.at - first.at)}`;
}

/** What a station carries now and over the last minutes; nothing of one that is gone. */
export function StationLoad({ station }: { station: StationView }): ReactNode {
  const samples = useLoadHistory(station.id);
  if (station.status === 'offline') return null;
  const { load } = station;
  const course = (figure: 'cpu' | 'memory' | 'running') => samples.map((sample) => sample[figure]);
  const highest = (figure: 'cpu' | 'memory' | 'running') => Math.max(load[figure], ...course(figure));
  return (
    <section aria-label="Load" className="border-b border-hairline">
      <RegionHead title="Load" meta={reach(samples)} line={false}>
        <span className="figures flex items-center gap-8 text-small text-2">
          <Slots busy={load.running} capacity={load.capacity} small />
          {load.running} of {plural(load.capacity, 'slot')} busy
          {load.queued > 0 && <span className="text-3">{load.queued} queued</span>}
        </span>
      </RegionHead>
      <dl className="flex border-t border-hairline">
        <Course
          name="CPU"
          value={percent(load.cpu)}
          values={course('cpu')}
          highest={percent(highest('cpu'))}
        />
        <Course
          name="Memory"
          value={percent(load.memory)}
          values={course('memory')}
          highest={percent(highest('memory'))}
        />
        <Course
          name="Busy"
          value={String(load.running)}
          values={course('running')}
          highest={String(highest('running'))}
        />
      </dl>
    </section>
  );
}
