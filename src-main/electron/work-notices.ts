import type { LiveDelta } from '../../src-shared/live.ts';
import type { WorkView } from '../../src-shared/views/work.ts';
import { needsPerson } from './work-tally.ts';

/** More works than this at once become one notice. */
const SINGLE_LIMIT = 3;
const TITLE_LENGTH = 80;
const BODY_LENGTH = 200;

/** What a system notification says; `workId` is the work that it opens, and is absent when it stands for several. */
export interface WorkNotice {
  workId?: string;
  title: string;
  body: string;
}

/** Decides which works a person is told of: each once when it begins to wait, and once more when it is raised again. */
export class WorkNotices {
  /** When the works that wait were raised as it was told last. */
  readonly #told = new Map<string, string>();
  readonly #fresh = new Map<string, WorkView>();

  /** Takes note of a change; what is gone stays told, because it comes back after a break of the connection. */
  apply({ upserts, removes }: LiveDelta<WorkView>): void {
    for (const id of removes) this.#fresh.delete(id);
    for (const work of upserts) {
      if (!needsPerson(work)) {
        this.#fresh.delete(work.id);
        this.#told.delete(work.id);
      } else if (this.#told.get(work.id) !== work.waits.raised_at) {
        this.#told.set(work.id, work.waits.raised_at);
        this.#fresh.set(work.id, work);
      }
    }
  }

  /** What is to be told now; it is not given a second time. */
  take(): WorkNotice[] {
    const fresh = [...this.#fresh.values()];
    this.#fresh.clear();
    if (fresh.length <= SINGLE_LIMIT) return fresh.map(noticeOf);
    const tasks = fresh.slice(0, SINGLE_LIMIT).map(({ task }) => firstLine(task, TITLE_LENGTH));
    return [{ title: `${fresh.length} works need you`, body: tasks.join('\n') }];
  }
}

function noticeOf({ id, task, waits }: WorkView): WorkNotice {
  const word = waits?.kind === 'question' ? 'Asks you' : 'Stopped';
  return {
    workId: id,
    title: `${word}: ${firstLine(task, TITLE_LENGTH)}`,
    body: cut(waits?.text ?? '', BODY_LENGTH),
  };
}

/** The first line of a text, cut to a number of characters. */
export function firstLine(text: string, length: number): string {
  return cut(text.trim().split('\n')[0] ?? '', length);
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).trimEnd()}…`;
}
