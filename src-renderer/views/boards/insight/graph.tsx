import { Workflow } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { BoardView, Card } from '../../../../src-shared/views/board.ts';
import { useAnswer } from '../../../data/queries.ts';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/cx.ts';
import { plural } from '../../../ui/format.ts';
import { scrollProps } from '../../../ui/grid-roles.ts';
import { Empty, Failure, Loading } from '../../../ui/states.tsx';
import { layoutGraph, NODE } from '../logic/layers.ts';
import { relationWords } from '../logic/words.ts';
import { PhaseMark } from '../parts/phase-mark.tsx';

/** More than this is no picture any more; the list and its filters are. */
const SHOWN = 600;
const ZOOMS = [0.5, 0.75, 1] as const;

const LINE: Readonly<Record<string, string>> = {
  blocks: 'stroke-(--color-fail-fill)',
  depends_on: 'stroke-(--color-late-fill)',
};

/** How tasks hang together: what has to come first stands at the left. */
export function Graph(props: {
  board: BoardView;
  cards: readonly Card[];
  selected: string | undefined;
  onSelect(task: string): void;
}): ReactNode {
  const { board, cards, selected, onSelect } = props;
  const { data, error, refetch } = useAnswer('board.graph', { board: board.id });
  const [zoom, setZoom] = useState<number>(1);
  const layout = useMemo(() => layoutGraph(cards, (data ?? []).slice(0, SHOWN)), [cards, data]);
  if (error !== null)
    return (
      <Failure
        icon={Workflow}
        title="The graph cannot be shown"
        error={error}
        actions={<Button onClick={() => void refetch()}>Try again</Button>}
      />
    );
  if (data === undefined) return <Loading />;
  if (layout.nodes.length === 0)
    return (
      <Empty
        icon={Workflow}
        title="No relations to show"
        text="Open a task and link it to what it waits for, blocks or belongs to."
      />
    );
  const types = [...new Set(data.map((edge) => edge.type))];
  return (
    <div className="relative flex min-w-0 flex-1 flex-col">
      <div className="flex h-44 shrink-0 items-center gap-8 border-b border-hairline px-20 text-small text-3">
        <span>{plural(layout.nodes.length, 'task')}</span>
        <span className="truncate">{types.map((type) => relationWords(type, 'out')).join(', ')}</span>
        {data.length > SHOWN && <span>The first {SHOWN} relations</span>}
        <span className="ml-auto inline-flex gap-4">
          {ZOOMS.map((step) => (
            <Button
              key={step}
              size="small"
              variant={zoom === step ? 'outlined' : 'plain'}
              onClick={() => setZoom(step)}
            >
              {step * 100}%
            </Button>
          ))}
          <Button size="small" onClick={() => void refetch()}>
            Read again
          </Button>
        </span>
      </div>
      <div
        {...scrollProps('Tasks and their relations')}
        className="dot-grid min-h-0 flex-1 overflow-auto p-24"
      >
        <div
          className="relative origin-top-left"
          style={{ width: layout.width, height: layout.height, zoom }}
        >
          <svg
            aria-hidden
            width={layout.width}
            height={layout.height}
            className="absolute inset-0 overflow-visible"
          >
            {layout.edges.map((edge) => (
              <path
                key={edge.id}
                d={edge.path}
                fill="none"
                strokeWidth={1.5}
                className={LINE[edge.type] ?? 'stroke-(--color-strong)'}
              />
            ))}
          </svg>
          {layout.nodes.map(({ card, x, y }) => {
            const column = board.columns.find(({ status }) => status === card.status);
            return (
              <button
                key={card.id}
                type="button"
                onClick={() => onSelect(card.id)}
                style={{ left: x, top: y, width: NODE.width, height: NODE.height }}
                className={cx(
                  'absolute flex flex-col justify-center gap-2 rounded-card border bg-surface px-10 text-left hover:bg-hover',
                  card.id === selected ? 'border-accent-text ring-1 ring-accent-text' : 'border-border',
                )}
              >
                <span className="flex items-center gap-6 text-tiny font-normal text-3">
                  <PhaseMark column={column} label={column?.name ?? card.status} />
                  <span className="font-mono text-mono-small">{card.short_id}</span>
                  <span className="truncate">{column?.name ?? card.status}</span>
                </span>
                <span className="w-full truncate text-small font-medium text-1">{card.title}</span>
              </button>
            );
          })}
        </div>
      </div>
    </div>
  );
}
