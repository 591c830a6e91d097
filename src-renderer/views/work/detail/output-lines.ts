import { isRunningText } from '../../../../src-shared/views/activity-words.ts';
import type { WorkLine } from '../../../../src-shared/views/work.ts';
import type { OutputLine } from '../../../ui/output.tsx';
import { progressWords } from '../words.ts';

/** Lines for the output of a work, and where each attempt begins in them. */
export interface WorkOutput {
  lines: readonly OutputLine[];
  /** Key of the first line of each attempt. */
  firstOf: ReadonlyMap<number, string>;
  /** Whether it tells what the agent does, typed, and not only text. */
  typed: boolean;
}

/**
 * What a work said as lines of text: pieces of output that were cut inside a line are joined again, each attempt after
 * the first begins with a line of its own, and progress stands between as a remark. What was read stays read, so that
 * a long output costs only what is new in it.
 */
export class OutputReader {
  #lines: OutputLine[] = [];
  #firstOf = new Map<number, string>();
  #attempt: number | undefined;
  /** The last line while no line break ended it. */
  #open: OutputLine | undefined;
  #first: WorkLine | undefined;
  #read = 0;
  #typed = false;

  /** The output after everything in `said`, which begins with what was read before. */
  read(said: ReadonlyMap<string, WorkLine>): WorkOutput {
    const first: WorkLine | undefined = said.values().next().value;
    if (first !== this.#first || said.size < this.#read) this.#restart(first);
    let index = 0;
    for (const line of said.values()) {
      if (index >= this.#read) this.#take(line);
      index += 1;
    }
    this.#read = said.size;
    return { lines: [...this.#lines], firstOf: this.#firstOf, typed: this.#typed };
  }

  #restart(first: WorkLine | undefined): void {
    this.#lines = [];
    this.#firstOf = new Map();
    this.#attempt = undefined;
    this.#open = undefined;
    this.#first = first;
    this.#read = 0;
    this.#typed = false;
  }

  #take(line: WorkLine): void {
    if (line.attempt !== this.#attempt) this.#beginAttempt(line);
    this.#typed ||= line.kind === 'activity';
    if (line.kind === 'output' || (line.activity && isRunningText(line.activity))) this.#takeText(line);
    else {
      const text = line.kind === 'progress' ? progressText(line) : line.text;
      if (text === '') return;
      const tone = line.kind === 'note' ? 'late' : 'calm';
      this.#lines.push({ key: String(line.seq), time: line.time, text, tone });
      this.#open = undefined;
    }
  }

  #beginAttempt({ attempt, time, seq }: WorkLine): void {
    this.#open = undefined;
    const isFirst = this.#attempt === undefined && attempt <= 1;
    const key = isFirst ? String(seq) : `attempt ${attempt}`;
    if (!isFirst) this.#lines.push({ key, time, text: `──── Attempt ${attempt} ────`, tone: 'calm' });
    this.#attempt = attempt;
    if (!this.#firstOf.has(attempt)) this.#firstOf.set(attempt, key);
  }

  #takeText({ seq, time, text }: WorkLine): void {
    const parts = text.split('\n');
    for (const [index, part] of parts.entries()) {
      if (index === 0 && this.#open !== undefined) this.#open.text += part;
      // What follows a line break begins a new line when it comes.
      else if (part !== '' || index < parts.length - 1) {
        this.#open = { key: index === 0 ? String(seq) : `${seq}.${index}`, time, text: part };
        this.#lines.push(this.#open);
      }
      if (index < parts.length - 1) this.#open = undefined;
    }
  }
}

function progressText({ progress, text }: WorkLine): string {
  const words = progress === undefined ? text : progressWords(progress);
  if (progress?.percent === undefined || words === '') return words;
  return `${words} (${Math.round(progress.percent)}%)`;
}

/** The text of an output as one, to take along. */
export function textOf(lines: readonly OutputLine[]): string {
  return lines.map((line) => line.text).join('\n');
}
