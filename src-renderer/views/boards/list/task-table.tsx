import { type ReactNode, useMemo } from 'react';
import type { BoardView, Card } from '../../../../src-shared/views/board.ts';
import { exact, roughDuration } from '../../../ui/format.ts';
import { useNow } from '../../../ui/now.ts';
import { type Column, Table } from '../../../ui/table.tsx';
import { byShortId, priorityRank } from '../logic/columns.ts';
import { readableWord } from '../logic/words.ts';
import { ActorName } from '../parts/actor-mark.tsx';
import { PhaseMark } from '../parts/phase-mark.tsx';
import { PriorityMark } from '../parts/priority-mark.tsx';
import { TypeMark } from '../parts/type-mark.tsx';

function Age({ at }: { at: string }): ReactNode {
  const now = Math.max(useNow(60_000), Date.parse(at));
  return <span title={exact(at)}>{roughDuration(now - Date.parse(at))}</span>;
}

function columnsOf(board: BoardView): Column<Card>[] {
  const place = new Map(board.columns.map((column, index) => [column.status, { column, index }]));
  const byText = (of: (card: Card) => string) => (a: Card, b: Card) => of(a).localeCompare(of(b));
  return [
    {
      id: 'id',
      title: 'Id',
      width: '92px',
      compare: byShortId,
      render: (card) => <span className="font-mono text-mono-small text-3">{card.short_id}</span>,
    },
    {
      id: 'title',
      title: 'Title',
      compare: byText((card) => card.title),
      render: (card) => (
        <span className="inline-flex max-w-full items-center gap-8 align-middle">
          <TypeMark type={card.type} />
          <span title={card.title} className="truncate text-body font-medium text-1">
            {card.title}
          </span>
        </span>
      ),
    },
    {
      id: 'status',
      title: 'Status',
      width: '140px',
      compare: (a, b) => (place.get(a.status)?.index ?? 99) - (place.get(b.status)?.index ?? 99),
      render: (card) => {
        const column = place.get(card.status)?.column;
        return (
          <span className="inline-flex max-w-full items-center gap-6 align-middle text-1">
            <PhaseMark column={column} />
            <span className="truncate">{column?.name ?? readableWord(card.status)}</span>
          </span>
        );
      },
    },
    {
      id: 'priority',
      title: 'Priority',
      width: '100px',
      compare: (a, b) => priorityRank(a.priority) - priorityRank(b.priority),
      render: (card) => (
        <span className="inline-flex items-center gap-6 align-middle text-2">
          <PriorityMark priority={card.priority} named />
          {readableWord(card.priority)}
        </span>
      ),
    },
    {
      id: 'assignee',
      title: 'Assignee',
      width: '140px',
      compare: byText((card) => card.assignee?.name ?? '\uffff'),
      render: (card) =>
        card.assignee === undefined ? null : (
          <span className="inline-flex max-w-full align-middle text-2">
            <ActorName actor={card.assignee} />
          </span>
        ),
    },
    {
      id: 'tags',
      title: 'Tags',
      width: '120px',
      render: (card) => <span className="text-3">{card.tags.join(', ')}</span>,
    },
    {
      id: 'since',
      title: 'In status',
      width: '90px',
      align: 'right',
      compare: (a, b) => b.since.localeCompare(a.since),
      render: (card) => <Age at={card.since} />,
    },
    {
      id: 'updated',
      title: 'Changed',
      width: '90px',
      align: 'right',
      compare: (a, b) => b.updated_at.localeCompare(a.updated_at),
      render: (card) => <Age at={card.updated_at} />,
    },
  ];
}

/** Every task of the board that passes the filter, in a table that sorts. */
export function TaskTable(props: {
  board: BoardView;
  cards: readonly Card[];
  selected: string | undefined;
  onSelect(task: string): void;
}): ReactNode {
  const { board, cards, selected, onSelect } = props;
  const columns = useMemo(() => columnsOf(board), [board]);
  return (
    <Table
      label={`Tasks of ${board.name}`}
      columns={columns}
      rows={cards}
      rowKey={(card) => card.id}
      initialSort={{ column: 'id', descending: true }}
      selected={selected}
      onSelect={onSelect}
      onOpen={onSelect}
      className="min-w-0 flex-1"
    />
  );
}
