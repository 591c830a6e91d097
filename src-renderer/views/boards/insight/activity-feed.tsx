import { ScrollText } from 'lucide-react';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { BoardEvent, BoardView } from '../../../../src-shared/views/board.ts';
import { listOf, useLive } from '../../../data/live.ts';
import { FilterField } from '../../../ui/input.tsx';
import { useRowHeights } from '../../../ui/row-heights.ts';
import { Empty, Loading } from '../../../ui/states.tsx';
import { Time } from '../../../ui/time.tsx';
import { VirtualList } from '../../../ui/virtual-list.tsx';
import { ActorMark } from '../parts/actor-mark.tsx';

const keyOf = (event: BoardEvent) => event.id;

function Row({ event }: { event: BoardEvent }): ReactNode {
  return (
    <div className="flex h-full items-center gap-10 px-20">
      <ActorMark actor={event.actor} named />
      <span className="w-120 shrink-0 truncate text-body font-medium text-1">{event.actor.name}</span>
      <span className="w-72 shrink-0 font-mono text-mono-small text-3">{event.short_id}</span>
      <span className="min-w-0 flex-1 truncate text-body text-2" title={`${event.text} · ${event.title}`}>
        {event.text} <span className="text-3">{event.title}</span>
      </span>
      <span className="shrink-0 text-small text-3">
        <Time at={event.at} />
      </span>
    </div>
  );
}

/** What people and agents did on a board, the newest first. */
export function ActivityFeed({ board, onOpen }: { board: BoardView; onOpen(task: string): void }): ReactNode {
  const { items, state } = useLive('board.activity', { board: board.id });
  const [words, setWords] = useState('');
  const [selected, select] = useState<string>();
  const { one } = useRowHeights();
  const events = useMemo(() => {
    const wanted = words.toLowerCase().trim();
    return listOf(items)
      .filter(({ actor, text, short_id, title }) =>
        `${actor.name} ${text} ${short_id} ${title}`.toLowerCase().includes(wanted),
      )
      .toSorted((a, b) => b.at.localeCompare(a.at) || b.place - a.place);
  }, [items, words]);
  const heightOf = useCallback(() => one, [one]);
  if (state === 'loading') return <Loading />;
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <div className="flex h-44 shrink-0 items-center gap-8 border-b border-hairline px-20">
        <FilterField label="Filter what happened" value={words} onChange={setWords} />
        <span className="text-small text-3">The newest 500 events</span>
      </div>
      {events.length === 0 ? (
        <Empty
          icon={ScrollText}
          title={items.size === 0 ? 'Nothing happened yet' : 'Nothing fits the filter'}
          text="Every change of a task appears here at once, whoever made it."
        />
      ) : (
        <VirtualList
          label="What happened on this board"
          items={events}
          itemKey={keyOf}
          itemHeight={heightOf}
          selected={selected}
          onSelect={select}
          onOpen={(id) => {
            const event = items.get(id);
            if (event !== undefined) onOpen(event.task_id);
          }}
          render={(event) => <Row event={event} />}
        />
      )}
    </div>
  );
}
