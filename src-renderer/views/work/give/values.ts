import { parseDuration } from '../../../../src-shared/duration.ts';
import type { CallInput } from '../../../../src-shared/ipc.ts';
import {
  DEFAULT_MAX_ATTEMPTS,
  DEFAULT_PRIORITY,
  type WorkRecord,
} from '../../../../src-shared/protocol/work.ts';

/** A value that travels with the task, as it is typed. */
export interface ContextEntry {
  id: number;
  key: string;
  value: string;
}

/** What a person typed into *Give work*; every field is text so that nothing typed gets lost. */
export interface GiveValues {
  task: string;
  by: 'agent' | 'capability';
  agent: string;
  capability: string;
  /** The id of a station, or empty for any. */
  station: string;
  priority: number;
  /** As `<input type="datetime-local">` has it: local time without a zone. */
  deadline: string;
  timeout: string;
  attempts: string;
  labels: string;
  dedupe: string;
  context: readonly ContextEntry[];
}

export const NO_VALUES: GiveValues = {
  task: '',
  by: 'agent',
  agent: '',
  capability: '',
  station: '',
  priority: DEFAULT_PRIORITY,
  deadline: '',
  timeout: '',
  attempts: String(DEFAULT_MAX_ATTEMPTS),
  labels: '',
  dedupe: '',
  context: [],
};

export type GiveErrors = Partial<Record<keyof GiveValues, string>>;
/** What main is asked for. */
export type GiveOrder = CallInput<'work.assign'>;

const WEEK_MS = 604_800_000;

function jsonOrText(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

function errorsOf(values: GiveValues, now: number): GiveErrors {
  const errors: GiveErrors = {};
  const timeout = parseDuration(values.timeout.trim());
  const attempts = Number(values.attempts);
  const keys = values.context.map((entry) => entry.key.trim()).filter((key) => key !== '');
  if (values.task.trim() === '') errors.task = 'Say what is to be done.';
  if (values.by === 'agent' && values.agent === '') errors.agent = 'Choose an agent.';
  if (values.by === 'capability' && values.capability === '') errors.capability = 'Choose a capability.';
  if (values.deadline !== '' && !(Date.parse(values.deadline) > now))
    errors.deadline = 'Use a time that is to come.';
  if (values.timeout.trim() !== '' && (timeout === undefined || timeout < 1 || timeout > WEEK_MS))
    errors.timeout = 'Use a time such as 90s, 5m or 1h30m, at most 7d.';
  if (!Number.isInteger(attempts) || attempts < 1 || attempts > 20) errors.attempts = 'Use 1 to 20.';
  if (labelsOf(values.labels).some((label) => label.length > 64))
    errors.labels = 'A label has at most 64 characters.';
  else if (labelsOf(values.labels).length > 32) errors.labels = 'Use at most 32 labels.';
  if (values.dedupe.trim().length > 500) errors.dedupe = 'Use at most 500 characters.';
  if (new Set(keys).size < keys.length) errors.context = 'Use each name once.';
  else if (values.context.some((entry) => entry.key.trim() === '' && entry.value !== ''))
    errors.context = 'Give every value a name.';
  return errors;
}

function labelsOf(text: string): string[] {
  return [...new Set(text.split(',').map((label) => label.trim()))].filter((label) => label !== '');
}

/**
 * The order that typed values stand for, or what is wrong with them. What is empty is there as undefined, so that an
 * edit of an older work takes it away.
 */
export function orderOf(values: GiveValues, now: number): { order: GiveOrder } | { errors: GiveErrors } {
  const errors = errorsOf(values, now);
  if (Object.keys(errors).length > 0) return { errors };
  const given = (text: string) => (text.trim() === '' ? undefined : text.trim());
  const byAgent = values.by === 'agent';
  const order: GiveOrder = {
    task: values.task.trim(),
    context: Object.fromEntries(
      values.context
        .filter((entry) => entry.key.trim() !== '')
        .map((entry) => [entry.key.trim(), jsonOrText(entry.value)]),
    ),
    agent: byAgent ? values.agent : undefined,
    capability: byAgent ? undefined : values.capability,
    station: given(values.station),
    priority: values.priority,
    deadline: values.deadline === '' ? undefined : new Date(values.deadline).toISOString(),
    timeout_ms: parseDuration(values.timeout.trim()),
    max_attempts: Number(values.attempts),
    dedupe_key: given(values.dedupe),
    labels: labelsOf(values.labels),
  };
  return { order };
}

function localTime(time: string): string {
  const at = new Date(time);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function valueText(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return jsonOrText(value) === value ? value : JSON.stringify(value);
}

/** The values of a work that there was, to give it again; a deadline that passed and the dedupe key stay behind. */
export function valuesOf(record: WorkRecord, now: number): GiveValues {
  const { deadline } = record;
  return {
    task: record.task,
    by: record.agent === undefined ? 'capability' : 'agent',
    agent: record.agent ?? '',
    capability: record.capability ?? '',
    station: record.station ?? '',
    priority: record.priority,
    deadline: deadline !== undefined && Date.parse(deadline) > now ? localTime(deadline) : '',
    timeout: record.timeout_ms === undefined ? '' : `${record.timeout_ms}ms`.replace(/000ms$/, 's'),
    attempts: String(record.max_attempts),
    labels: record.labels.join(', '),
    dedupe: '',
    context: Object.entries(record.context).map(([key, value], id) => ({ id, key, value: valueText(value) })),
  };
}
