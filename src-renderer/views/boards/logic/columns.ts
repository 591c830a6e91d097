import type { BoardColumn, Card } from '../../../../src-shared/views/board.ts';

const PRIORITY: Readonly<Record<string, number>> = { critical: 0, high: 1, medium: 2, low: 3 };

/** How urgent a priority is; the smaller, the more. */
export function priorityRank(priority: string): number {
  return PRIORITY[priority] ?? 2;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function numberOf(shortId: string): number {
  return Number(/(\d+)$/.exec(shortId)?.[1] ?? Number.MAX_SAFE_INTEGER);
}

/** Order by short id: `LAT-9` before `LAT-10`. */
export function byShortId(a: Card, b: Card): number {
  return numberOf(a.short_id) - numberOf(b.short_id) || byText(a.short_id, b.short_id) || byText(a.id, b.id);
}

/** Order inside a column: the most urgent first, then who stands there longest; what is over shows its newest first. */
function orderIn(column: Pick<BoardColumn, 'phase'>): (a: Card, b: Card) => number {
  if (column.phase === 'over') return (a, b) => byText(b.since, a.since) || byShortId(b, a);
  return (a, b) =>
    priorityRank(a.priority) - priorityRank(b.priority) || byText(a.since, b.since) || byShortId(a, b);
}

/** A column with its cards. */
export interface FilledColumn {
  column: BoardColumn;
  /** The cards that pass the filter, in order. */
  cards: readonly Card[];
  /** How many stand there without any filter. */
  count: number;
  /** Cards that ask for a person. */
  asking: number;
  full: boolean;
}

/**
 * Cards in their columns. A card in a status that the workflow does not name has a column of its own, so that none is
 * out of sight.
 */
export function fillColumns(
  columns: readonly BoardColumn[],
  cards: Iterable<Card>,
  accepts: (card: Card) => boolean,
  placeOf: (card: Card) => string = (card) => card.status,
): FilledColumn[] {
  const all = new Map(
    columns.map((column) => [column.status, { column, cards: [] as Card[], count: 0, asking: 0 }]),
  );
  for (const card of cards) {
    const status = placeOf(card);
    let place = all.get(status);
    if (place === undefined) {
      if (card.archived) continue;
      place = {
        column: { status, name: status, phase: 'waiting', targets: [] },
        cards: [],
        count: 0,
        asking: 0,
      };
      all.set(status, place);
    }
    if (!card.archived) {
      place.count += 1;
      if (card.needs_human !== undefined) place.asking += 1;
    }
    if (accepts(card)) place.cards.push(card);
  }
  return [...all.values()].map(({ column, cards: own, count, asking }) => ({
    column,
    cards: own.sort(orderIn(column)),
    count,
    asking: asking + (column.phase === 'stuck' ? own.length : 0),
    full: column.limit !== undefined && count >= column.limit,
  }));
}

/** Where a card would stand in a column it comes to now. */
export function landingIndex(filled: FilledColumn, card: Card, now: string): number {
  const order = orderIn(filled.column);
  const comes = { ...card, since: now };
  const at = filled.cards.findIndex((other) => other.id !== card.id && order(comes, other) < 0);
  return at < 0 ? filled.cards.length : at;
}

/** The same array for a column in which nothing changed, so that only columns that did are shown again. */
export function keepSame(
  before: readonly FilledColumn[],
  next: readonly FilledColumn[],
): readonly FilledColumn[] {
  return next.map((filled) => {
    const old = before.find((other) => other.column.status === filled.column.status);
    const same =
      old !== undefined &&
      old.column === filled.column &&
      old.count === filled.count &&
      old.asking === filled.asking &&
      old.cards.length === filled.cards.length &&
      old.cards.every((card, index) => card === filled.cards[index]);
    return same ? old : filled;
  });
}
