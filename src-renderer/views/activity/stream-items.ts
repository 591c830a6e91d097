import { assertNever } from '../../../src-shared/errors.ts';
import type { Activity, ModelCall } from '../../../src-shared/protocol/activity.ts';
import { type Bill, billOf } from '../../../src-shared/views/bill.ts';
import { splitBlocks } from './text-blocks.ts';

/** Characters of a terminal that are shown; what came before is left out. */
const TERMINAL_SHOWN = 20_000;
/** Characters of plain output in one item. */
const LINES_SHOWN = 8_000;

/** What a work or a call said, as far as a stream needs it. */
export interface SaidLine {
  seq: number;
  time: string;
  attempt?: number;
  kind: 'output' | 'progress' | 'note' | 'activity';
  text: string;
  activity?: Activity | undefined;
}

export type Tool = Extract<Activity, { kind: 'tool' }>;
export type Plan = Extract<Activity, { kind: 'plan' }>;
export type Notice = Extract<Activity, { kind: 'notice' }>;

interface Place {
  key: string;
  /** RFC 3339, when it began. */
  time: string;
}

/** One thing in a stream. A new object stands for a change, so that only it is drawn again. */
export type StreamItem = Place &
  (
    | { kind: 'attempt'; attempt: number }
    | { kind: 'answer'; text: string }
    | { kind: 'thought'; text: string; until: string }
    | { kind: 'plan'; entries: Plan['entries'] }
    | { kind: 'tool'; tool: Tool; terminal: string; until: string }
    | { kind: 'terminal'; text: string }
    | { kind: 'model_call'; call: ModelCall }
    | { kind: 'notice'; level: Notice['level']; text: string }
    | { kind: 'lines'; text: string }
    | { kind: 'progress'; text: string }
  );

/** A stream as it stands. */
export interface Stream {
  items: readonly StreamItem[];
  /** What the run cost until now. */
  totals: Bill;
  /** Key of the first item of each attempt. */
  firstOf: ReadonlyMap<number, string>;
}

/**
 * Puts what was said into items: pieces of one answer become blocks of markdown, messages about one tool, plan or model
 * call become one item. What was read stays read, so that a long stream costs only what is new in it.
 */
export class StreamReader {
  #items: StreamItem[] = [];
  #at = new Map<string, number>();
  #firstOf = new Map<number, string>();
  #attempt: number | undefined;
  #first: SaidLine | undefined;
  #read = 0;
  /** The text that the last item is a part of, while more of it may come. */
  #open: string | undefined;

  /** The stream after everything in `said`, which begins with what was read before. */
  read(said: ReadonlyMap<string, SaidLine>): Stream {
    const first: SaidLine | undefined = said.values().next().value;
    if (first !== this.#first || said.size < this.#read) this.#restart(first);
    let index = 0;
    for (const line of said.values()) {
      if (index >= this.#read) this.#take(line);
      index += 1;
    }
    this.#read = said.size;
    const items = this.#items.filter((item) => !('text' in item) || item.text !== '');
    return { items, totals: totalsOf(items), firstOf: new Map(this.#firstOf) };
  }

  #restart(first: SaidLine | undefined): void {
    this.#items = [];
    this.#at = new Map();
    this.#firstOf = new Map();
    this.#attempt = undefined;
    this.#open = undefined;
    this.#first = first;
    this.#read = 0;
  }

  #take(line: SaidLine): void {
    const attempt = line.attempt ?? 1;
    const place = { key: String(line.seq), time: line.time };
    if (attempt !== this.#attempt) this.#beginAttempt(attempt, place);
    if (line.activity) this.#takeActivity(line.activity, place);
    else if (line.kind === 'output') this.#takeText('lines', `lines ${attempt}`, line.text, place);
    else if (line.text !== '')
      this.#replace(`progress ${attempt}`, { ...place, kind: 'progress', text: line.text });
  }

  #beginAttempt(attempt: number, { key, time }: Place): void {
    const isFirst = this.#attempt === undefined && attempt <= 1;
    this.#attempt = attempt;
    this.#at.clear();
    this.#open = undefined;
    if (!isFirst) this.#push({ key: `attempt ${attempt}`, time, kind: 'attempt', attempt });
    this.#firstOf.set(attempt, isFirst ? key : `attempt ${attempt}`);
  }

  #takeActivity(activity: Activity, place: Place): void {
    switch (activity.kind) {
      case 'text':
        this.#takeText(activity.role, `${activity.role} ${activity.id}`, activity.text, place);
        break;
      case 'plan':
        this.#replace('plan', { ...place, kind: 'plan', entries: activity.entries });
        break;
      case 'model_call':
        this.#replace(`call ${activity.id}`, { ...place, kind: 'model_call', call: activity });
        break;
      case 'tool':
        this.#takeTool(activity, place);
        break;
      case 'terminal':
        this.#takeTerminal(activity, place);
        break;
      case 'notice':
        this.#push({ ...place, kind: 'notice', level: activity.level, text: activity.text });
        break;
      default:
        assertNever(activity);
    }
  }

  #takeTool(tool: Tool, place: Place): void {
    const name = `tool ${tool.id}`;
    const before = this.#find(name);
    const terminal = before?.kind === 'tool' ? before.terminal : '';
    this.#replace(name, { ...place, kind: 'tool', tool, terminal, until: place.time });
  }

  #takeTerminal({ id, tool: toolId, text }: Extract<Activity, { kind: 'terminal' }>, place: Place): void {
    const name = `tool ${toolId}`;
    const tool = this.#find(name);
    if (tool?.kind === 'tool') this.#replace(name, { ...tool, terminal: lastOf(tool.terminal + text) });
    else this.#takeText('terminal', `terminal ${id}`, text, place);
  }

  /** Text goes on in the last item, as long as nothing came between. */
  #takeText(
    kind: 'answer' | 'thought' | 'terminal' | 'lines',
    name: string,
    text: string,
    place: Place,
  ): void {
    const last = this.#items.at(-1);
    const goesOn = this.#open === name && last?.kind === kind;
    const before = goesOn ? this.#items.pop() : undefined;
    const all = before !== undefined && 'text' in before ? before.text + text : text;
    const from = before ?? place;
    if (kind === 'answer') this.#pushBlocks(all, from, place);
    else if (kind === 'lines') this.#pushLines(all, from, place);
    else if (kind === 'thought')
      this.#push({ key: from.key, time: from.time, kind, text: all, until: place.time });
    else this.#push({ key: from.key, time: from.time, kind, text: lastOf(all) });
    this.#open = name;
  }

  #pushBlocks(text: string, from: Place, place: Place): void {
    const { done, rest } = splitBlocks(text);
    for (const [index, block] of [...done, rest].entries()) {
      const isRest = index === done.length;
      const { key, time } = index === 0 ? from : { key: `${place.key}.${index}`, time: place.time };
      // The rest is there even when it is empty, because more text joins it.
      if (isRest || block !== '') this.#push({ key, time, kind: 'answer', text: block });
    }
  }

  #pushLines(text: string, from: Place, place: Place): void {
    let rest = text;
    let at: Place = from;
    for (let part = 1; rest.length > LINES_SHOWN; part++) {
      const end = rest.lastIndexOf('\n', LINES_SHOWN - 1);
      const cut = end < 0 ? LINES_SHOWN : end + 1;
      this.#push({ key: at.key, time: at.time, kind: 'lines', text: rest.slice(0, cut) });
      rest = rest.slice(cut);
      at = { key: `${place.key}.${part}`, time: place.time };
    }
    this.#push({ key: at.key, time: at.time, kind: 'lines', text: rest });
  }

  #find(name: string): StreamItem | undefined {
    const index = this.#at.get(name);
    return index === undefined ? undefined : this.#items[index];
  }

  /** Takes the place that the item of this name has already. */
  #replace(name: string, item: StreamItem): void {
    const index = this.#at.get(name);
    const before = index === undefined ? undefined : this.#items[index];
    if (index === undefined || before === undefined) {
      this.#at.set(name, this.#items.length);
      this.#push(item);
    } else this.#items[index] = { ...item, key: before.key, time: before.time };
  }

  #push(item: StreamItem): void {
    this.#open = undefined;
    this.#items.push(item);
  }
}

function lastOf(text: string): string {
  return text.length <= TERMINAL_SHOWN ? text : text.slice(-TERMINAL_SHOWN);
}

function totalsOf(items: readonly StreamItem[]): Bill {
  return billOf(items.flatMap((item) => (item.kind === 'model_call' ? [item.call] : [])));
}

/** The text of an item to search in and to copy. */
export function itemText(item: StreamItem): string {
  switch (item.kind) {
    case 'attempt':
      return `Attempt ${item.attempt}`;
    case 'plan':
      return item.entries
        .map((entry) => `${entry.status === 'done' ? '[x]' : '[ ]'} ${entry.text}`)
        .join('\n');
    case 'tool':
      return [item.tool.title, item.tool.output ?? '', item.terminal]
        .filter((part) => part !== '')
        .join('\n');
    case 'model_call':
      return item.call.model;
    default:
      return item.text;
  }
}
