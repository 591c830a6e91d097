import type { WorkOrder } from '../../../src-shared/protocol/work.ts';

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** A word as a POSIX shell takes it, whatever is in it. */
export function shellQuote(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function durationWord(ms: number): string {
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}

/** A value of the context as the command reads it back: text as it is, unless it would be read as JSON. */
function valueWord(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  try {
    JSON.parse(value);
    return JSON.stringify(value);
  } catch {
    return value;
  }
}

type Ordered = Pick<
  WorkOrder,
  | 'task'
  | 'context'
  | 'agent'
  | 'capability'
  | 'station'
  | 'priority'
  | 'deadline'
  | 'timeout_ms'
  | 'max_attempts'
  | 'dedupe_key'
  | 'labels'
>;

/** The command that gives the same work again. */
export function assignCommand(order: Ordered): string {
  const options: [string, string | undefined][] = [
    ['--capability', order.agent === undefined ? order.capability : undefined],
    ['--station', order.station],
    ['--priority', order.priority === 3 ? undefined : String(order.priority)],
    ['--deadline', order.deadline],
    ['--timeout', order.timeout_ms === undefined ? undefined : durationWord(order.timeout_ms)],
    ['--attempts', order.max_attempts === 3 ? undefined : String(order.max_attempts)],
    ['--dedupe', order.dedupe_key],
    ...order.labels.map((label): [string, string] => ['--label', label]),
    ...Object.entries(order.context).map(([key, value]): [string, string] => [
      '--context',
      `${key}=${valueWord(value)}`,
    ]),
  ];
  const words = options.flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
  const who = order.agent === undefined ? [] : [order.agent];
  // After -- nothing is an option any more, also not a task that begins with a dash.
  const said = order.task.startsWith('-') ? ['--', ...who, order.task] : [...who, order.task];
  const rest = order.task.startsWith('-') ? [...words, ...said] : [...said, ...words];
  return ['lattice', 'work', 'assign', ...rest].map(shellQuote).join(' ');
}
