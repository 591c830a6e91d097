import { type ReactNode, useMemo, useState } from 'react';
import type { HubStream } from '../../../src-shared/views/hub.ts';
import { useRemembered } from '../../data/view-state.ts';
import { bytes, percent, shortCount } from '../../ui/format.ts';
import { Meter } from '../../ui/meter.tsx';
import { RegionHead } from '../../ui/page.tsx';
import { Segment } from '../../ui/segment.tsx';
import { type Column, Table } from '../../ui/table.tsx';

/** How full a stream is, 0 to 1; undefined when it has no limit. */
function fullness(stream: HubStream): number | undefined {
  return stream.max_bytes > 0 ? Math.min(stream.bytes / stream.max_bytes, 1) : undefined;
}

const columns: readonly Column<HubStream>[] = [
  {
    id: 'name',
    title: 'Name',
    compare: (a, b) => a.name.localeCompare(b.name),
    render: (stream) => (
      <span className="takeable font-mono text-mono-small text-1" title={stream.subjects.join('\n')}>
        {stream.name}
      </span>
    ),
  },
  {
    id: 'messages',
    title: 'Messages',
    width: '76px',
    align: 'right',
    compare: (a, b) => a.messages - b.messages,
    render: (stream) => shortCount(stream.messages),
  },
  {
    id: 'size',
    title: 'Size',
    width: '72px',
    align: 'right',
    compare: (a, b) => a.bytes - b.bytes,
    render: (stream) => bytes(stream.bytes),
  },
  {
    id: 'full',
    title: 'Full',
    width: '96px',
    align: 'right',
    compare: (a, b) => (fullness(a) ?? -1) - (fullness(b) ?? -1),
    render: (stream) => {
      const full = fullness(stream);
      if (full === undefined) return null;
      return (
        <span className="flex items-center gap-8">
          <Meter label={`${stream.name} full`} value={full} className="flex-1" />
          <span className="w-32">{full > 0 && full < 0.01 ? '< 1%' : percent(full)}</span>
        </span>
      );
    },
  },
  {
    id: 'consumers',
    title: 'Consumers',
    width: '88px',
    align: 'right',
    compare: (a, b) => a.consumers - b.consumers,
    render: (stream) => stream.consumers,
  },
];

/** What the hub stores: streams, or buckets of values and files. */
export function StreamsTable({ streams }: { streams: readonly HubStream[] }): ReactNode {
  const [shown, setShown] = useRemembered('hub.streams', 'streams');
  const [selected, setSelected] = useState<string | undefined>(undefined);
  const buckets = shown === 'buckets';
  const rows = useMemo(
    () => streams.filter((stream) => (stream.kind !== 'stream') === buckets),
    [streams, buckets],
  );
  const title = buckets ? 'Buckets' : 'Streams';
  return (
    <section aria-label="Streams and buckets" className="flex min-h-0 min-w-0 flex-col">
      <RegionHead title={<span className="pl-4">{title}</span>} meta={rows.length} line={false}>
        <Segment
          label="Show"
          value={buckets ? 'buckets' : 'streams'}
          onChange={setShown}
          options={[
            { value: 'streams', label: 'Streams' },
            { value: 'buckets', label: 'Buckets' },
          ]}
        />
      </RegionHead>
      <Table
        label={title}
        columns={columns}
        rows={rows}
        rowKey={(stream) => `${stream.kind} ${stream.name}`}
        selected={selected}
        onSelect={setSelected}
        className="flex-1 text-2"
      />
    </section>
  );
}
