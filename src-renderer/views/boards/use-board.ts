import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { BoardView, Card } from '../../../src-shared/views/board.ts';
import type { WorkView } from '../../../src-shared/views/work.ts';
import { listOf, useLive, useLivePart } from '../../data/live.ts';
import { call } from '../../data/queries.ts';
import { useRemembered } from '../../data/view-state.ts';
import { useBoardState } from './board-state.ts';
import { acceptor, type CardFilter, filterText, parseFilter } from './logic/card-filter.ts';
import { type FilledColumn, fillColumns, keepSame } from './logic/columns.ts';
import type { Look } from './logic/looks.ts';

/** Words rest this long before the board is searched, in milliseconds. */
const SEARCH_REST_MS = 150;

/** Where one is: the board, its task, and how it is looked at. */
export function useBoardPlace() {
  const { boardId, taskId } = useParams({ strict: false });
  const { look = 'board' } = useSearch({ strict: false });
  const navigate = useNavigate();
  return useMemo(() => {
    const go = (board: string | undefined, task?: string, next: Look = look) => {
      const search = next === 'board' ? {} : { look: next };
      if (board === undefined) void navigate({ to: '/boards', search });
      else if (task === undefined)
        void navigate({ to: '/boards/$boardId', params: { boardId: board }, search });
      else
        void navigate({
          to: '/boards/$boardId/$taskId',
          params: { boardId: board, taskId: task },
          search,
          replace: taskId !== undefined,
        });
    };
    return {
      boardId,
      taskId,
      look,
      openBoard: (id: string | undefined) => go(id),
      openTask: (task: string | undefined) => go(boardId, task),
      setLook: (next: Look) => go(boardId, taskId, next),
    };
  }, [boardId, taskId, look, navigate]);
}

/** All boards of the window by name, the own project first. */
export function useBoards() {
  const live = useLive('boards.watch');
  const boards = useMemo(
    () =>
      [...listOf(live.items)].sort((a, b) => Number(b.own) - Number(a.own) || a.name.localeCompare(b.name)),
    [live.items],
  );
  return { boards, state: live.state, error: live.error };
}

/** The filter of a board, which stays while the app runs. */
export function useCardFilter(board: string): [CardFilter, (filter: CardFilter) => void] {
  const [text, setText] = useRemembered(`boards.filter.${board}`, '');
  const filter = useMemo(() => parseFilter(text), [text]);
  return [filter, (next) => setText(filterText(next))];
}

/** Tasks that hold the words in a plan, a comment or anywhere else that cards do not show. */
function useFound(board: string, words: string): ReadonlySet<string> {
  const [found, setFound] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const text = words.trim();
    let current = true;
    const timer = setTimeout(() => {
      const hits = text === '' ? Promise.resolve([]) : call('board.search', { board, text });
      // The words still narrow what cards show when the search itself fails.
      hits.then(
        (ids) => current && setFound(new Set(ids)),
        () => current && setFound(new Set()),
      );
    }, SEARCH_REST_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [board, words]);
  return found;
}

/** Whether the work of a card has an end. */
function isLiveWork(work: WorkView | undefined): boolean {
  return work !== undefined && work.ended_at === undefined;
}

/** The works of cards that run or wait now, by id. */
function useLiveWorks(): ReadonlyMap<string, WorkView> {
  const live = useLivePart('works.watch', ({ items }) => [...items.values()].filter(isLiveWork));
  return useMemo(() => new Map(live.map((work) => [work.id, work])), [live]);
}

/** The work of one card, while there is one. */
export function useCardWork(workId: string | undefined): WorkView | undefined {
  return useLivePart('works.watch', ({ items }) => [workId === undefined ? undefined : items.get(workId)])[0];
}

export interface BoardCards {
  cards: readonly Card[];
  shown: readonly Card[];
  columns: readonly FilledColumn[];
  live: number;
  state: 'loading' | 'live' | 'stale' | 'error';
  message: string | undefined;
}

/** The cards of a board as they pass the filter, in a list and in columns. */
export function useBoardCards(board: BoardView, filter: CardFilter): BoardCards {
  const { items, state, error } = useLive('board.watch', { board: board.id });
  const moving = useBoardState((current) => current.moving);
  const works = useLiveWorks();
  const found = useFound(board.id, filter.words);
  const cards = listOf(items);
  const accepts = useMemo(
    () =>
      acceptor(filter, {
        me: board.me,
        found,
        isLive: (card) => card.work_id !== undefined && works.has(card.work_id),
      }),
    [filter, board.me, found, works],
  );
  const shown = useMemo(() => cards.filter(accepts), [cards, accepts]);
  const before = useRef<readonly FilledColumn[]>([]);
  const columns = useMemo(() => {
    const next = fillColumns(board.columns, cards, accepts, (card) => moving[card.id] ?? card.status);
    before.current = keepSame(before.current, next);
    return before.current;
  }, [board.columns, cards, accepts, moving]);
  const live = useMemo(
    () => cards.reduce((sum, card) => sum + Number(card.work_id !== undefined && works.has(card.work_id)), 0),
    [cards, works],
  );
  return { cards, shown, columns, live, state, message: error?.message };
}
