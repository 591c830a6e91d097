import type { WorkView } from '../../src-shared/views/work.ts';
import type { BoardAuthor, BoardStorage } from '../tracker/board-storage.ts';
import { derivedId } from './card-work.ts';

/** A longer result is attached as a file, and the comment holds its beginning; in characters. */
const COMMENT_LIMIT = 8_000;
/** More than this stays with the work. */
const ATTACHED_LIMIT = 900_000;

/** Writes the result of a work onto its card, once. */
export async function writeResult(
  storage: BoardStorage,
  task: string,
  work: Pick<WorkView, 'id'>,
  result: string | undefined,
  author: BoardAuthor,
): Promise<void> {
  const text = result?.trim() ?? '';
  const isLong = text.length > COMMENT_LIMIT;
  if (isLong)
    await storage.apply(
      task,
      {
        op: 'attach',
        id: derivedId('art', work.id, 'result'),
        title: `Result of work ${work.id}`,
        source: { kind: 'text', text: text.slice(0, ATTACHED_LIMIT) },
      },
      author,
    );
  const body =
    text === ''
      ? 'Done, without a result in words.'
      : isLong
        ? `${text.slice(0, COMMENT_LIMIT)}\n\n… The whole result is attached.`
        : text;
  await storage.apply(task, { op: 'comment', body, id: derivedId('ev', work.id, 'result') }, author);
}
