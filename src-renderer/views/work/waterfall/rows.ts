import type { WorkSpan } from '../../../../src-shared/views/work-timeline.ts';
import type { Status, Tone } from '../../../ui/status.ts';
import type { StepSpan } from './steps.ts';

/** How long a station may be silent before its lease lapses, in milliseconds: what a lost attempt ends with. */
const LEASE_MS = 30_000;

/** A bar of a row. Times are milliseconds since the epoch; without `end` it still grows. */
export interface Bar {
  id: string;
  look: 'wait' | 'step' | Tone;
  start: number;
  end?: number;
  /** From when on its station said nothing any more. */
  silentFrom?: number;
}

/** A row of the waterfall. */
export interface Row {
  id: string;
  workId: string;
  depth: number;
  kind: WorkSpan['kind'] | 'step';
  status?: Status;
  label: string;
  /** Where it runs, or what it is about: weaker than the label. */
  place?: string;
  bars: Bar[];
  /** Text behind the last bar. */
  note?: { text: string; tone: Tone };
  start: number;
  end?: number;
  /** The number of the attempt it is or belongs to. */
  attempt?: number;
  fold: 'none' | 'open' | 'folded';
}

const ATTEMPTS: Record<WorkSpan['state'], { status: Status; tone: Tone }> = {
  waiting: { status: 'queued', tone: 'calm' },
  running: { status: 'running', tone: 'run' },
  completed: { status: 'completed', tone: 'good' },
  failed: { status: 'failed', tone: 'fail' },
  lost: { status: 'failed', tone: 'fail' },
  cancelled: { status: 'cancelled', tone: 'calm' },
  asking: { status: 'escalated', tone: 'ask' },
};

const endOf = ({ end }: { end?: number }) => (end === undefined ? {} : { end });

/** *Attempt 2* and *forge* from *Attempt 2 on forge*. */
function attemptWords(label: string): { label: string; station?: string; attempt?: number } {
  const [, words = label, number, station] = /^(Attempt (\d+)) on (.+)$/.exec(label) ?? [];
  return {
    label: words,
    ...(number === undefined ? {} : { attempt: Number(number) }),
    ...(station === undefined ? {} : { station }),
  };
}

function barsOf(span: WorkSpan): Bar[] {
  const bar = { id: span.id, start: span.start, ...endOf(span) };
  if (span.kind === 'queue') return [{ ...bar, look: 'wait' }];
  if (span.kind === 'question') return [{ ...bar, look: 'ask' }];
  const silent =
    span.state === 'lost' && span.end !== undefined
      ? { silentFrom: Math.max(span.start, span.end - LEASE_MS) }
      : {};
  return [{ ...bar, look: ATTEMPTS[span.state].tone, ...silent }];
}

function noteOf(span: WorkSpan): Pick<Row, 'note'> {
  if (span.kind === 'question')
    return span.detail === undefined ? {} : { note: { text: span.detail, tone: 'calm' } };
  if (span.kind === 'queue')
    return span.detail === undefined ? {} : { note: { text: span.detail, tone: 'late' } };
  if (span.state === 'lost') return { note: { text: span.detail ?? 'Station went silent', tone: 'fail' } };
  if (span.detail === undefined || span.state === 'completed') return {};
  return { note: { text: span.detail, tone: span.state === 'failed' ? 'fail' : 'calm' } };
}

/** The children of a work with its sub-works moved into the attempt that gave them. */
function nested(work: WorkSpan): WorkSpan[] {
  const own = work.children.filter((child) => child.kind !== 'work');
  const subs = work.children.filter((child) => child.kind === 'work');
  const attempts = own.filter((child) => child.kind === 'attempt');
  const giver = (sub: WorkSpan) =>
    attempts.findLast((attempt) => attempt.start <= sub.start && (attempt.end ?? sub.start) >= sub.start);
  const placed = own.map((child) => {
    const mine = subs.filter((sub) => giver(sub) === child);
    return mine.length === 0 ? child : { ...child, children: [...child.children, ...mine].sort(byStart) };
  });
  return [...placed, ...subs.filter((sub) => giver(sub) === undefined)].sort(byStart);
}

function byStart(a: WorkSpan, b: WorkSpan): number {
  return a.start - b.start;
}

function isAsking(attempt: WorkSpan): boolean {
  return attempt.children.some((child) => child.kind === 'question' && child.end === undefined);
}

interface Context {
  folded: ReadonlySet<string>;
  steps: readonly StepSpan[];
  rootId: string;
}

function stepRows(attempt: WorkSpan, number: number | undefined, depth: number, context: Context): Row[] {
  if (attempt.work_id !== context.rootId) return [];
  const mine = context.steps.filter((step) => step.attempt === number);
  return mine.map((step, index) => {
    const end = mine[index + 1]?.start ?? attempt.end;
    return {
      id: `${attempt.id}:step:${step.start}:${index}`,
      workId: attempt.work_id,
      depth,
      kind: 'step',
      label: step.label,
      bars: [
        {
          id: `${attempt.id}:${index}`,
          look: 'step',
          start: step.start,
          ...(end === undefined ? {} : { end }),
        },
      ],
      start: step.start,
      ...(end === undefined ? {} : { end }),
      attempt: step.attempt,
      fold: 'none',
    };
  });
}

function withChildren(row: Row, children: Row[], context: Context): Row[] {
  if (children.length === 0) return [row];
  const folded = context.folded.has(row.id);
  return [{ ...row, fold: folded ? 'folded' : 'open' }, ...(folded ? [] : children)];
}

function attemptRows(attempt: WorkSpan, depth: number, context: Context): Row[] {
  const words = attemptWords(attempt.label);
  const row: Row = {
    id: attempt.id,
    workId: attempt.work_id,
    depth,
    kind: 'attempt',
    status: isAsking(attempt) ? 'escalated' : ATTEMPTS[attempt.state].status,
    label: words.label,
    ...(words.station === undefined ? {} : { place: `on ${words.station}` }),
    bars: barsOf(attempt),
    ...noteOf(attempt),
    start: attempt.start,
    ...endOf(attempt),
    ...(words.attempt === undefined ? {} : { attempt: words.attempt }),
    fold: 'none',
  };
  const blocks = [
    ...stepRows(attempt, words.attempt, depth + 1, context).map((step) => [step]),
    ...attempt.children.map((child) => spanRows(child, depth + 1, context, words.attempt)),
  ];
  const inside = blocks.sort((a, b) => (a[0]?.start ?? 0) - (b[0]?.start ?? 0)).flat();
  return withChildren(row, inside, context);
}

function subWorkRows(work: WorkSpan, depth: number, context: Context): Row[] {
  const children = nested(work);
  const attempts = children.filter((child) => child.kind === 'attempt');
  const last = attempts.at(-1);
  const station = last === undefined ? undefined : attemptWords(last.label).station;
  const asking = last !== undefined && work.end === undefined && isAsking(last);
  const running = ATTEMPTS[last === undefined && work.state === 'running' ? 'waiting' : work.state];
  const row: Row = {
    id: work.id,
    workId: work.work_id,
    depth,
    kind: 'work',
    status: asking ? 'escalated' : running.status,
    label: work.label,
    ...(station === undefined ? {} : { place: `on ${station}` }),
    bars: children.filter((child) => child.kind === 'queue' || child.kind === 'attempt').flatMap(barsOf),
    ...(last === undefined ? {} : noteOf(last)),
    start: work.start,
    ...endOf(work),
    fold: 'none',
  };
  // One attempt is the bar of the work itself; more of them are worth a row each.
  const shown =
    attempts.length > 1
      ? children.flatMap((child) => spanRows(child, depth + 1, context))
      : children
          .flatMap((child) =>
            child.kind === 'attempt' ? child.children : child.kind === 'work' ? [child] : [],
          )
          .flatMap((child) => spanRows(child, depth + 1, context));
  return withChildren(row, shown, context);
}

function spanRows(span: WorkSpan, depth: number, context: Context, attempt?: number): Row[] {
  const base = {
    id: span.id,
    workId: span.work_id,
    depth,
    start: span.start,
    ...endOf(span),
    fold: 'none',
  } as const;
  switch (span.kind) {
    case 'work':
      return subWorkRows(span, depth, context);
    case 'attempt':
      return attemptRows(span, depth, context);
    case 'queue':
      return [
        {
          ...base,
          kind: 'queue',
          status: span.end === undefined ? 'queued' : 'completed',
          label: 'Queue',
          bars: barsOf(span),
          ...noteOf(span),
        },
      ];
    case 'question':
      return [
        {
          ...base,
          kind: 'question',
          status: span.end === undefined ? 'escalated' : 'completed',
          label: span.end === undefined ? 'Asks you' : 'Asked',
          place: span.label,
          bars: barsOf(span),
          ...noteOf(span),
          ...(attempt === undefined ? {} : { attempt }),
        },
      ];
  }
}

/** Queues after the first one are waits before the attempt that follows them. */
function nameWaits(rows: readonly Row[]): Row[] {
  let attempts = 0;
  return rows.map((row) => {
    if (row.depth === 0 && row.kind === 'attempt') attempts = row.attempt ?? attempts + 1;
    if (row.depth > 0 || row.kind !== 'queue' || attempts === 0) return row;
    return { ...row, label: `Wait before attempt ${attempts + 1}`, status: 'queued' };
  });
}

/** The rows of a work from top to bottom; the children of rows in `folded` are left out. */
export function waterfallRows(
  spans: readonly WorkSpan[],
  steps: readonly StepSpan[],
  folded: ReadonlySet<string>,
): Row[] {
  return spans.flatMap((root) => {
    const context = { folded, steps, rootId: root.work_id };
    return nameWaits(nested(root).flatMap((child) => spanRows(child, 0, context)));
  });
}
