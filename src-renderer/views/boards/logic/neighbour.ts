import type { FilledColumn } from './columns.ts';

const DOWN = new Set(['ArrowDown', 'j']);
const UP = new Set(['ArrowUp', 'k']);

/**
 * Where a key leads on the board from a card in the column `status`; undefined when it moves nothing. Sideways it goes
 * to the same height of the next column that is in sight; a column without cards takes the focus without one.
 */
export function neighbourOf(
  columns: readonly FilledColumn[],
  status: string,
  task: string | undefined,
  key: string,
): { status: string; task: string | undefined } | undefined {
  const at = columns.findIndex(({ column }) => column.status === status);
  const cards = columns[at]?.cards ?? [];
  const index = cards.findIndex((card) => card.id === task);
  const inColumn = (to: number) => {
    const card = cards[Math.min(Math.max(to, 0), cards.length - 1)];
    return card === undefined ? undefined : { status, task: card.id };
  };
  if (DOWN.has(key)) return inColumn(index + 1);
  if (UP.has(key)) return inColumn(index < 0 ? cards.length - 1 : index - 1);
  if (key === 'Home') return inColumn(0);
  if (key === 'End') return inColumn(cards.length - 1);
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return undefined;
  const side = columns[at + (key === 'ArrowLeft' ? -1 : 1)];
  if (side === undefined) return undefined;
  return {
    status: side.column.status,
    task: side.cards[Math.min(Math.max(index, 0), side.cards.length - 1)]?.id,
  };
}
