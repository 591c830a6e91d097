import { ChartNoAxesGantt } from 'lucide-react';
import { type ReactNode, useCallback, useMemo } from 'react';
import type { BoardView, Card } from '../../../../src-shared/views/board.ts';
import { useAnswer } from '../../../data/queries.ts';
import { useRemembered } from '../../../data/view-state.ts';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/cx.ts';
import { useNow } from '../../../ui/now.ts';
import { useRowHeights } from '../../../ui/row-heights.ts';
import { Segment } from '../../../ui/segment.tsx';
import { Empty, Failure, Loading } from '../../../ui/states.tsx';
import { VirtualList } from '../../../ui/virtual-list.tsx';
import { rangeOf, type TimelineRow, ticksOf, timelineRows } from '../logic/spans.ts';
import { readableWord } from '../logic/words.ts';

const RANGES = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
] as const;

const PHASE_FILL = {
  waiting: 'bg-calm-subtle border-calm-line',
  active: 'bg-run-subtle border-run-line',
  stuck: 'bg-ask-subtle border-ask-line',
  over: 'bg-good-subtle border-good-line',
} as const;

const keyOf = ({ card }: TimelineRow) => card.id;

/** A day as elsewhere in the window: `12 Nov`. */
function dayWords(at: number): string {
  const day = new Date(at);
  return `${day.getDate()} ${day.toLocaleString('en', { month: 'short' })}`;
}

function Row({ board, row }: { board: BoardView; row: TimelineRow }): ReactNode {
  return (
    <div className="flex h-full items-center">
      <span className="flex w-300 shrink-0 items-center gap-8 pr-12 pl-20">
        <span className="w-56 shrink-0 font-mono text-mono-small text-3">{row.card.short_id}</span>
        <span className="truncate text-body text-1" title={row.card.title}>
          {row.card.title}
        </span>
      </span>
      <span className="relative mr-16 h-full min-w-0 flex-1">
        {row.bars.map((bar) => {
          const column = board.columns.find(({ status }) => status === bar.status);
          const name = column?.name ?? readableWord(bar.status);
          return (
            <span
              key={`${bar.status}${bar.start}`}
              title={name}
              className={cx(
                'absolute top-1/2 flex h-16 -translate-y-1/2 items-center overflow-hidden rounded-hint border',
                PHASE_FILL[column?.phase ?? 'waiting'],
              )}
              style={{ left: `${bar.start * 100}%`, width: `max(3px, ${bar.width * 100}%)` }}
            >
              {bar.width > 0.08 && <span className="truncate px-5 text-tiny font-normal text-1">{name}</span>}
            </span>
          );
        })}
      </span>
    </div>
  );
}

/** When each task stood in which status. */
export function Timeline(props: {
  board: BoardView;
  cards: readonly Card[];
  selected: string | undefined;
  onSelect(task: string): void;
}): ReactNode {
  const { board, cards, selected, onSelect } = props;
  const { data, error, refetch, isFetching } = useAnswer('board.timeline', { board: board.id });
  const [days, setDays] = useRemembered('boards.timeline', '30');
  // The end of the minute, so that what began in it has a width.
  const now = useNow(60_000) + 60_000;
  const { one } = useRowHeights();
  const range = useMemo(() => rangeOf(Number(days), now), [days, now]);
  const spans = useMemo(() => new Map(data?.map((task) => [task.task_id, task.spans])), [data]);
  const rows = useMemo(
    () => timelineRows(cards, spans, board.columns, range),
    [cards, spans, board.columns, range],
  );
  const heightOf = useCallback(() => one, [one]);
  if (error !== null)
    return (
      <Failure
        icon={ChartNoAxesGantt}
        title="The timeline cannot be shown"
        error={error}
        actions={<Button onClick={() => void refetch()}>Try again</Button>}
      />
    );
  if (data === undefined) return <Loading />;
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <div className="flex h-44 shrink-0 items-center gap-8 border-b border-hairline px-20">
        <Segment label="How far back" value={days} onChange={setDays} options={RANGES} />
        <Button size="small" busy={isFetching} onClick={() => void refetch()}>
          Read again
        </Button>
      </div>
      <div className="flex h-24 shrink-0 border-b border-hairline">
        <span className="w-300 shrink-0" />
        <span className="relative mr-16 min-w-0 flex-1">
          {ticksOf(range).map((tick) => (
            <span
              key={tick.at}
              className="figures absolute top-4 text-tiny font-normal text-3"
              style={{ left: `${tick.share * 100}%` }}
            >
              {dayWords(tick.at)}
            </span>
          ))}
        </span>
      </div>
      {rows.length === 0 ? (
        <Empty
          icon={ChartNoAxesGantt}
          title="No open task in this time"
          text="Look further back, or widen the filter."
        />
      ) : (
        <VirtualList
          label="Tasks over time"
          items={rows}
          itemKey={keyOf}
          itemHeight={heightOf}
          selected={selected}
          onSelect={onSelect}
          render={(row) => <Row board={board} row={row} />}
        />
      )}
    </div>
  );
}
