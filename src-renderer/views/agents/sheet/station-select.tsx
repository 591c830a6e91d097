import type { ReactNode } from 'react';
import type { StationView } from '../../../../src-shared/views/mesh.ts';
import { Field } from '../../../ui/field.tsx';
import { Glyph } from '../../../ui/glyph.tsx';
import { Select, type SelectOption } from '../../../ui/select.tsx';
import { STATUSES } from '../../../ui/status.ts';
import type { AgentGroup } from '../logic/agent-groups.ts';
import { isDisplaced } from '../logic/agent-groups.ts';
import { CandidateList } from './candidate-list.tsx';
import type { AgentRoute } from './use-agent-route.ts';

/** The value that stands for the best station at the time of the run. */
const BEST = 'best';

function loadText(station: StationView | undefined): string | undefined {
  if (station === undefined) return undefined;
  if (station.status === 'offline') return STATUSES.offline.word;
  return `${station.load.running} of ${station.load.capacity} busy`;
}

function bestOption(route: AgentRoute, stations: ReadonlyMap<string, StationView>): SelectOption<string> {
  const chosen = route.candidates.find((candidate) => candidate.chosen);
  const station = stations.get(chosen?.station_id ?? '');
  if (chosen === undefined)
    return { value: BEST, label: 'Best', meta: route.problem === undefined ? '' : 'None can take it' };
  return {
    value: BEST,
    label: `Best now, ${chosen.station_name}`,
    meta: loadText(station) ?? '',
    lead: <Glyph status={station?.status ?? 'online'} size={13} />,
  };
}

export interface StationSelectProps {
  group: AgentGroup;
  stations: ReadonlyMap<string, StationView>;
  route: AgentRoute;
  /** Undefined for the best one. */
  value: string | undefined;
  onChange(station: string | undefined): void;
}

/** Where the agent shall run: the best station at that time, or one of those that offer it. */
export function StationSelect({ group, stations, route, value, onChange }: StationSelectProps): ReactNode {
  const options = group.replicas.map((agent): SelectOption<string> => {
    const meta = loadText(stations.get(agent.station_id));
    return {
      value: agent.station_id,
      label: isDisplaced(agent) ? `${agent.station_name}, its own definition` : agent.station_name,
      lead: <Glyph status={agent.station_status} size={13} />,
      ...(meta === undefined ? {} : { meta }),
    };
  });
  if (value !== undefined && !options.some((option) => option.value === value))
    options.push({ value, label: stations.get(value)?.name ?? value, meta: 'Does not offer it' });
  return (
    <>
      <Field label="Station" layout="left">
        <Select
          value={value ?? BEST}
          onChange={(next) => onChange(next === BEST ? undefined : next)}
          options={[bestOption(route, stations), ...options]}
        />
      </Field>
      {route.problem !== undefined && (
        <div
          role="status"
          className="flex flex-col gap-6 rounded-card border border-late-line bg-late-subtle px-12 py-8"
        >
          <p className="text-small text-1">{route.problem}</p>
          <CandidateList label="Why no station" candidates={route.candidates} />
        </div>
      )}
    </>
  );
}
