import type { FoundTask } from '../../src-shared/views/board.ts';
import type { OpenBoard } from './open-board.ts';

/** How many tasks a search over all boards answers with. */
const MOST = 20;

/** Tasks of any open board whose short id or title holds all the words; the own id first, then open tasks. */
export function findTasks(boards: Iterable<OpenBoard>, text: string): FoundTask[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return [];
  const found = [...boards].flatMap((board) => {
    const { name, id } = board.view();
    return [...board.cards.live.values()]
      .filter((card) => {
        const said = `${card.short_id} ${card.title}`.toLowerCase();
        return words.every((word) => said.includes(word));
      })
      .map((card) => ({
        rank: (card.short_id.toLowerCase() === words[0] ? 0 : 2) + Number(card.archived),
        task: { board: id, board_name: name, task: card.id, short_id: card.short_id, title: card.title },
      }));
  });
  return found
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST)
    .map(({ task }) => task);
}
