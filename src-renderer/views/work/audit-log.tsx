import { ScrollText } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { LogEntry } from '../../../src-shared/views/work-detail.ts';
import { listOf, useLive } from '../../data/live.ts';
import { useRemembered } from '../../data/view-state.ts';
import { Banner } from '../../ui/banner.tsx';
import { count } from '../../ui/format.ts';
import { FilterField } from '../../ui/input.tsx';
import { useNow } from '../../ui/now.ts';
import { Toolbar } from '../../ui/page.tsx';
import { useRowHeights } from '../../ui/row-heights.ts';
import { Select } from '../../ui/select.tsx';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { EntryDetail } from './log/entry-detail.tsx';
import {
  acceptsEntry,
  entriesAsOf,
  KINDS,
  LOG_RANGES,
  type LogFilter,
  type LogRange,
  NO_LOG_FILTER,
  valuesOf,
} from './log/log-filter.ts';
import { Scrubber } from './log/scrubber.tsx';

const keyOf = (entry: LogEntry) => String(entry.seq);

function Row({ entry }: { entry: LogEntry }): ReactNode {
  return (
    <div className="flex h-full items-center gap-12 pr-16 pl-20 text-small">
      <span className="w-88 shrink-0 text-3">
        <Time at={entry.time} as="clock" />
      </span>
      <span className="w-160 shrink-0 truncate font-mono text-mono-small text-2 max-wide:w-128">
        {entry.type}
      </span>
      <span className="min-w-0 flex-1 truncate text-1" title={entry.text}>
        {entry.text}
      </span>
      <span className="w-112 shrink-0 truncate text-2 max-wide:hidden">{entry.agent}</span>
      <span className="w-112 shrink-0 truncate text-2">{entry.station_name}</span>
    </div>
  );
}

const renderRow = (entry: LogEntry) => <Row entry={entry} />;

interface FiltersProps {
  lead: ReactNode;
  entries: readonly LogEntry[];
  filter: LogFilter;
  onFilter(filter: LogFilter): void;
  range: LogRange;
  onRange(range: LogRange): void;
  meta: string;
}

function Filters({ lead, entries, filter, onFilter, range, onRange, meta }: FiltersProps): ReactNode {
  const options = (part: 'station_name' | 'agent', all: string) => [
    { value: '', label: all },
    ...valuesOf(entries, part).map((value) => ({ value, label: value })),
  ];
  return (
    <Toolbar>
      {lead}
      <FilterField
        label="Filter by text or work"
        value={filter.text}
        onChange={(text) => onFilter({ ...filter, text })}
      />
      <Select
        label="Kind of event"
        size="filter"
        value={filter.kind}
        onChange={(kind) => onFilter({ ...filter, kind })}
        options={KINDS}
      />
      <Select
        label="Station"
        size="filter"
        value={filter.station}
        onChange={(station) => onFilter({ ...filter, station })}
        options={options('station_name', 'All stations')}
      />
      <Select
        label="Agent"
        size="filter"
        value={filter.agent}
        onChange={(agent) => onFilter({ ...filter, agent })}
        options={options('agent', 'All agents')}
      />
      <Select label="How far back" size="filter" value={range} onChange={onRange} options={LOG_RANGES} />
      <span className="ml-auto shrink-0 text-small text-3">{meta}</span>
    </Toolbar>
  );
}

/** Since when the log is read for a range, fixed when the range is chosen. */
function useSince(range: LogRange): string | undefined {
  const now = useNow(60_000);
  const ms = LOG_RANGES.find((choice) => choice.value === range)?.ms;
  const [fixed, fix] = useState({ range, now });
  if (fixed.range !== range) fix({ range, now });
  return ms === undefined ? undefined : new Date(fixed.now - ms).toISOString();
}

export interface AuditLogProps {
  /** Stands first in the toolbar, for example a choice of what the view shows. */
  lead?: ReactNode;
}

/** The audit log of the lattice: every event in order, with filters, its raw form, and a way back through time. */
export function AuditLog({ lead }: AuditLogProps): ReactNode {
  const [range, setRange] = useState<LogRange>('day');
  const since = useSince(range);
  const { items, state, error } = useLive('log.watch', since === undefined ? {} : { since });
  const entries = listOf(items);
  const [text, setText] = useRemembered('audit.text', '');
  const [rest, setRest] = useState(NO_LOG_FILTER);
  const filter = useMemo(() => ({ ...rest, text }), [rest, text]);
  const [at, setAt] = useState<number>();
  const [selected, setSelected] = useState<string>();
  const heights = useRowHeights();
  const height = useMemo(() => () => heights.one, [heights.one]);
  const rows = useMemo(() => entriesAsOf(entries.filter(acceptsEntry(filter)), at), [entries, filter, at]);
  const entry = selected === undefined ? undefined : items.get(selected);

  if (state === 'error')
    return (
      <>
        <Toolbar>{lead}</Toolbar>
        <Failure
          icon={ScrollText}
          title="The audit log cannot be shown"
          {...(error === undefined ? {} : { error })}
        />
      </>
    );
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Filters
        lead={lead}
        entries={entries}
        filter={filter}
        onFilter={(next) => {
          setText(next.text);
          setRest(next);
        }}
        range={range}
        onRange={(next) => {
          setRange(next);
          setAt(undefined);
        }}
        meta={`${count(rows.length)} of ${count(entries.length)}`}
      />
      {state === 'stale' && <Banner status="late">What is shown may be old. {error?.message}</Banner>}
      <div className="flex min-h-0 flex-1">
        {state === 'loading' && <Loading label="Loading the audit log" rows={12} />}
        {state !== 'loading' && rows.length === 0 && (
          <Empty
            icon={ScrollText}
            title={entries.length === 0 ? 'Nothing happened in this time' : 'No event fits'}
            text={
              entries.length === 0
                ? 'Look further back.'
                : 'Take away a part of the filter, or go on in time.'
            }
          />
        )}
        {rows.length > 0 && (
          <VirtualList
            label="Audit log"
            items={rows}
            itemKey={keyOf}
            itemHeight={height}
            render={renderRow}
            selected={selected}
            onSelect={setSelected}
          />
        )}
        {entry !== undefined && <EntryDetail entry={entry} onClose={() => setSelected(undefined)} />}
      </div>
      <Scrubber entries={entries} at={at} onChange={setAt} />
    </div>
  );
}
