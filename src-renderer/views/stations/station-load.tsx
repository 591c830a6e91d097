import type { ReactNode } from 'react';
import type { StationView } from '../../../src-shared/views/mesh.ts';
import { percent } from '../../ui/format.ts';
import { Slots } from '../../ui/slots.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import type { LoadSample } from './station-facts.ts';

function Course(props: {
  name: string;
  value: number;
  values: readonly number[];
  tone?: 'run' | 'quiet';
}): ReactNode {
  return (
    <div className="min-w-0 flex-1 px-16 py-10 first:pl-20 last:pr-20">
      <dt className="text-small text-3">{props.name}</dt>
      <dd className="flex flex-col gap-6">
        <span className="figures text-figure-small text-1">{percent(props.value)}</span>
        <Sparkline
          values={props.values}
          label={`${props.name} since this view is open`}
          {...(props.tone === undefined ? {} : { tone: props.tone })}
        />
      </dd>
    </div>
  );
}

export interface StationLoadProps {
  station: StationView;
  course: readonly LoadSample[];
}

/** The load of a station now, and its course since the view was opened. */
export function StationLoad({ station, course }: StationLoadProps): ReactNode {
  const { load } = station;
  return (
    <>
      <p className="figures flex items-center gap-10 px-20 pt-10 text-body text-2">
        <Slots busy={load.running} capacity={load.capacity} />
        {load.running} of {load.capacity} busy{load.queued > 0 && `, ${load.queued} queued`}
      </p>
      <dl className="flex divide-x divide-hairline">
        <Course
          name="Busy"
          value={load.capacity > 0 ? load.running / load.capacity : 0}
          values={course.map((sample) => sample.busy)}
          tone="run"
        />
        <Course name="CPU" value={load.cpu} values={course.map((sample) => sample.cpu)} />
        <Course name="Memory" value={load.memory} values={course.map((sample) => sample.memory)} />
      </dl>
    </>
  );
}
