import { type ReactNode, useMemo } from 'react';
import type { AgentView } from '../../../src-shared/views/mesh.ts';
import { useRemembered } from '../../data/view-state.ts';
import { FilterField } from '../../ui/input.tsx';
import { Toolbar } from '../../ui/page.tsx';
import { Segment } from '../../ui/segment.tsx';
import { Select } from '../../ui/select.tsx';
import type { AgentFilter } from './logic/agent-groups.ts';

/** The filter of the list and how it is grouped, which stay while the app runs. */
export interface AgentLook extends AgentFilter {
  byStation: boolean;
  setText(text: string): void;
  setCapability(capability: string): void;
  setStation(station: string): void;
  setByStation(byStation: boolean): void;
  clear(): void;
}

/** The filter and grouping as they are remembered. */
export function useAgentLook(): AgentLook {
  const [text, setText] = useRemembered('agents.filter', '');
  const [capability, setCapability] = useRemembered('agents.capability', '');
  const [station, setStation] = useRemembered('agents.station', '');
  const [by, setBy] = useRemembered('agents.by', 'agent');
  return {
    text,
    capability,
    station,
    byStation: by === 'station',
    setText,
    setCapability,
    setStation,
    setByStation: (byStation) => setBy(byStation ? 'station' : 'agent'),
    clear: () => {
      setText('');
      setCapability('');
      setStation('');
    },
  };
}

/** Each value once, in order, with what was chosen though it is gone. */
function choices(values: Iterable<readonly [value: string, label: string]>, chosen: string) {
  const known = new Map(values);
  if (chosen !== '' && !known.has(chosen)) known.set(chosen, chosen);
  return [...known]
    .map(([value, label]) => ({ value, label }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

/** Filter, capability, station, and the way of grouping. */
export function AgentsToolbar(props: { agents: readonly AgentView[]; look: AgentLook }): ReactNode {
  const { agents, look } = props;
  const capabilities = useMemo(
    () =>
      choices(
        agents.flatMap((agent) => agent.capabilities.map((name) => [name, name] as const)),
        look.capability,
      ),
    [agents, look.capability],
  );
  const stations = useMemo(
    () =>
      choices(
        agents.map((agent) => [agent.station_id, agent.station_name] as const),
        look.station,
      ),
    [agents, look.station],
  );
  return (
    <Toolbar>
      <FilterField
        label="Filter agents"
        value={look.text}
        onChange={look.setText}
        className="min-w-120 shrink"
      />
      <Select
        label="Capability"
        size="filter"
        value={look.capability}
        onChange={look.setCapability}
        options={[{ value: '', label: 'Any capability' }, ...capabilities]}
      />
      <Select
        label="Station"
        size="filter"
        value={look.station}
        onChange={look.setStation}
        options={[{ value: '', label: 'Any station' }, ...stations]}
      />
      <span className="ml-auto">
        <Segment
          label="Group"
          value={look.byStation ? 'station' : 'agent'}
          onChange={(value) => look.setByStation(value === 'station')}
          options={[
            { value: 'agent', label: 'By agent' },
            { value: 'station', label: 'By station' },
          ]}
        />
      </span>
    </Toolbar>
  );
}
