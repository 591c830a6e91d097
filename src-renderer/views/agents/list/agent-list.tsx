import { type KeyboardEvent, type ReactNode, useCallback, useMemo } from 'react';
import type { StationView } from '../../../../src-shared/views/mesh.ts';
import type { RunView } from '../../../../src-shared/views/run.ts';
import { groupBy } from '../../../data/group-by.ts';
import { cx } from '../../../ui/cx.ts';
import { useRowHeights } from '../../../ui/row-heights.ts';
import { VirtualList } from '../../../ui/virtual-list.tsx';
import type { AgentRow } from '../logic/agent-rows.ts';
import { agentOf, factsOf } from '../logic/run-facts.ts';
import { GroupRow, OfferRow, ReplicaRow, StationRow } from './agent-row.tsx';
import { COLUMNS, WIDE_ONLY } from './columns.ts';
import { ConflictBox, conflictHeight } from './conflict-box.tsx';

const keyOf = (row: AgentRow) => row.key;
const selectable = (row: AgentRow) => row.kind !== 'conflict';

function useFacts(runs: readonly RunView[]) {
  return useMemo(() => {
    const of = (key: (run: RunView) => string) =>
      new Map([...groupBy(runs, key)].map(([name, some]) => [name, factsOf(some)] as const));
    return { byAgent: of(agentOf), byReplica: of((run) => `${agentOf(run)} ${run.station_id ?? ''}`) };
  }, [runs]);
}

function Head({ byStation }: { byStation: boolean }): ReactNode {
  return (
    <div aria-hidden className={cx(COLUMNS, 'h-30 shrink-0 border-b border-hairline text-small text-3')}>
      <span>{byStation ? 'Station and agent' : 'Agent and station'}</span>
      <span className={WIDE_ONLY}>Runner</span>
      <span>Slots</span>
      <span className={WIDE_ONLY}>Median</span>
      <span>Last run</span>
    </div>
  );
}

export interface AgentListProps {
  rows: readonly AgentRow[];
  byStation: boolean;
  stations: ReadonlyMap<string, StationView>;
  runs: readonly RunView[];
  /** The key of the replica that a call would go to now. */
  best: string | undefined;
  selected: string | undefined;
  onSelect(row: AgentRow): void;
  onOpen(row: AgentRow): void;
  onPeek(row: AgentRow): void;
  onToggle(key: string): void;
}

/** Agents in groups; arrows left and right fold them, Enter opens a run, Space the details. */
export function AgentList(props: AgentListProps): ReactNode {
  const { rows, stations, selected } = props;
  const heights = useRowHeights();
  const facts = useFacts(props.runs);
  const heightOf = useCallback(
    (row: AgentRow) => {
      if (row.kind === 'conflict') return conflictHeight(row.group);
      return row.kind === 'group' || row.kind === 'station' ? heights.group : heights.one;
    },
    [heights.group, heights.one],
  );
  const act = (key: string, run: (row: AgentRow) => void) => {
    const row = rows.find((each) => each.key === key);
    if (row !== undefined) run(row);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target instanceof HTMLElement && event.target.role !== 'grid') return;
    const row = rows.find((each) => each.key === selected);
    if (row?.kind !== 'group' && row?.kind !== 'station') return;
    if (event.key !== (row.folded ? 'ArrowRight' : 'ArrowLeft')) return;
    event.preventDefault();
    props.onToggle(row.key);
  };
  const render = (row: AgentRow, on: boolean): ReactNode => {
    const open = () => props.onOpen(row);
    const toggle = () => props.onToggle(row.key);
    switch (row.kind) {
      case 'group':
        return (
          <GroupRow
            group={row.group}
            folded={row.folded}
            selected={on}
            stations={stations}
            facts={facts.byAgent.get(row.group.name)}
            onToggle={toggle}
            onOpen={open}
          />
        );
      case 'replica':
        return (
          <ReplicaRow
            agent={row.agent}
            contested={row.contested}
            best={row.key === props.best}
            selected={on}
            station={stations.get(row.agent.station_id)}
            facts={facts.byReplica.get(row.key)}
            onOpen={open}
          />
        );
      case 'conflict':
        return <ConflictBox group={row.group} />;
      case 'station':
        return (
          <StationRow
            name={row.name}
            station={row.station}
            agents={row.agents}
            folded={row.folded}
            onToggle={toggle}
            onOpen={open}
          />
        );
      case 'offer':
        return (
          <OfferRow agent={row.agent} selected={on} facts={facts.byReplica.get(row.key)} onOpen={open} />
        );
    }
  };
  return (
    <section
      aria-label="Agents by name or station"
      className="flex min-h-0 flex-1 flex-col"
      onKeyDown={onKeyDown}
    >
      <Head byStation={props.byStation} />
      <VirtualList
        label="Agents"
        items={rows}
        itemKey={keyOf}
        itemHeight={heightOf}
        render={render}
        selectable={selectable}
        selected={selected}
        onSelect={(key) => act(key, props.onSelect)}
        onOpen={(key) => act(key, props.onOpen)}
        onPeek={(key) => act(key, props.onPeek)}
      />
    </section>
  );
}
