import { useNavigate } from '@tanstack/react-router';
import { Activity, Plus, SearchX } from 'lucide-react';
import { type ReactNode, useCallback, useDeferredValue, useEffect, useMemo } from 'react';
import { runCommand } from '../../../app/commands.ts';
import { useNode } from '../../../data/live.ts';
import { useRemembered } from '../../../data/view-state.ts';
import { useFilteredWorks } from '../../../data/works.ts';
import { Banner } from '../../../ui/banner.tsx';
import { Button } from '../../../ui/button.tsx';
import { useNow } from '../../../ui/now.ts';
import { useRowHeights } from '../../../ui/row-heights.ts';
import { Empty, Failure, Loading } from '../../../ui/states.tsx';
import { VirtualList } from '../../../ui/virtual-list.tsx';
import { useStationFacts } from '../use-station-facts.ts';
import { acceptor, narrows, parseFilter, type WorkFilter } from './filter.ts';
import { FilterBar } from './filter-bar.tsx';
import { isHead, type ListRow, listRows, rowKey } from './rows.ts';
import { GroupRow, WorkRow } from './work-row.tsx';

/** How often the list looks whether a work got older than its range, in milliseconds. */
const RANGE_STEP = 60_000;

const isWork = (row: ListRow) => !isHead(row);

function Nothing({ filter, any }: { filter: WorkFilter; any: boolean }): ReactNode {
  if (!any)
    return (
      <Empty
        icon={Activity}
        title="No work yet"
        text="Give an agent a task and watch it here, from the queue to the result."
        actions={
          <Button variant="main" icon={Plus} shortcut="N" onClick={() => void runCommand('work.give')}>
            Give work
          </Button>
        }
      />
    );
  return (
    <Empty
      icon={SearchX}
      title={narrows(filter) ? 'No work fits the filter' : 'No work in this time'}
      text={narrows(filter) ? 'Take away a part of it.' : 'Look further back.'}
    />
  );
}

function Content(props: {
  filter: WorkFilter;
  selected: string | undefined;
  onOpen(id: string): void;
}): ReactNode {
  const { filter, selected } = props;
  const navigate = useNavigate();
  const stations = useStationFacts();
  const heights = useRowHeights();
  const now = useNow(RANGE_STEP);
  const person = useNode()?.person;
  const accepts = useMemo(() => acceptor(filter, person), [filter, person]);
  const { groups, total, state, error } = useFilteredWorks(accepts);
  const rows = useMemo(() => listRows(groups, filter.range, now), [groups, filter.range, now]);
  const select = useCallback(
    (id: string) => void navigate({ to: '/work/$workId', params: { workId: id }, replace: true }),
    [navigate],
  );
  const first = rows.find(isWork);
  const firstId = first === undefined ? undefined : rowKey(first);
  useEffect(() => {
    if (selected === undefined && firstId !== undefined) select(firstId);
  }, [selected, firstId, select]);
  const render = useCallback(
    (row: ListRow) => (isHead(row) ? <GroupRow {...row} /> : <WorkRow work={row} stations={stations} />),
    [stations],
  );
  const height = useCallback(
    (row: ListRow) => (isHead(row) ? heights.header : heights.two),
    [heights.header, heights.two],
  );

  if (state === 'loading') return <Loading label="Loading works" rows={10} />;
  if (state === 'error')
    return (
      <Failure
        icon={Activity}
        title="The works cannot be shown"
        {...(error === undefined ? {} : { error })}
        actions={<Button onClick={() => void runCommand('go.hub')}>Open Hub</Button>}
      />
    );
  return (
    <>
      {state === 'stale' && error !== undefined && <Banner status="late">{error.message}</Banner>}
      {rows.length === 0 ? (
        <Nothing filter={filter} any={total > 0} />
      ) : (
        <VirtualList
          label="Works"
          items={rows}
          itemKey={rowKey}
          itemHeight={height}
          render={render}
          selectable={isWork}
          selected={selected}
          onSelect={select}
          onOpen={props.onOpen}
        />
      )}
    </>
  );
}

export interface WorkListProps {
  selected: string | undefined;
  /** Called when a person opens a row, that is goes on to its detail. */
  onOpen(id: string): void;
}

/** All works in their groups, live, with the filters above. */
export function WorkList({ selected, onOpen }: WorkListProps): ReactNode {
  const [remembered, remember] = useRemembered('work.filter', '');
  const filter = useMemo(() => parseFilter(remembered), [remembered]);
  // Typing stays quick while 100,000 rows are filtered behind it.
  const settled = useDeferredValue(filter);
  return (
    <section
      aria-label="Works"
      data-region
      tabIndex={-1}
      className="flex w-392 shrink-0 flex-col border-r border-hairline outline-none max-wide:w-288"
    >
      <FilterBar filter={filter} onChange={(next) => remember(JSON.stringify(next))} />
      <Content filter={settled} selected={selected} onOpen={onOpen} />
    </section>
  );
}
