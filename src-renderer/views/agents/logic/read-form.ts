import { assertNever } from '../../../../src-shared/errors.ts';
import { type FormField, type FormValues, WHOLE_CONTEXT } from './schema-form.ts';

/** What a form says: the context for the agent, and what is wrong by the key of the field. */
export interface FormReading {
  context: Readonly<Record<string, unknown>>;
  errors: Readonly<Record<string, string>>;
}

type Reading = { value: unknown } | { error: string } | undefined;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The range of a number in words: *1 to 5*, *1 or more*, *up to 5*. */
export function rangeText(min: number | undefined, max: number | undefined): string | undefined {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  if (min !== undefined) return `${min} or more`;
  return max === undefined ? undefined : `up to ${max}`;
}

function readNumber(field: FormField & { kind: 'number' }, text: string): Reading {
  const range = rangeText(field.min, field.max);
  const kind = field.whole ? 'a whole number' : 'a number';
  const fits = range === undefined ? `Use ${kind}.` : `Use ${kind}, ${range}.`;
  const value = Number(text);
  if (!/^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(text) || !Number.isFinite(value))
    return { error: fits };
  if (field.whole && !Number.isSafeInteger(value)) return { error: fits };
  const under = field.min !== undefined && value < field.min;
  const over = field.max !== undefined && value > field.max;
  return under || over ? { error: fits } : { value };
}

function readText(field: FormField & { kind: 'text' }, text: string): Reading {
  const length = [...text].length;
  if (field.minLength !== undefined && length < field.minLength)
    return { error: `Use at least ${field.minLength} characters.` };
  if (field.maxLength !== undefined && length > field.maxLength)
    return { error: `Use at most ${field.maxLength} characters.` };
  if (field.pattern !== undefined && !field.pattern.test(text))
    return { error: `This does not fit ${field.pattern.source}.` };
  return { value: text };
}

function readJson(field: FormField, text: string): Reading {
  try {
    const value: unknown = JSON.parse(text);
    if (field.key === WHOLE_CONTEXT && !isObject(value))
      return { error: 'Use a JSON object, as in {"key": 1}.' };
    return { value };
  } catch {
    return { error: 'This is not JSON. Texts stand in double quotes.' };
  }
}

function readField(field: FormField, entered: string | boolean | undefined): Reading {
  if (field.kind === 'switch') return { value: entered === true };
  const text = typeof entered === 'string' ? entered : '';
  if (text.trim() === '') return field.required ? { error: `${field.label} is needed.` } : undefined;
  switch (field.kind) {
    case 'text':
      return readText(field, text);
    case 'number':
      return readNumber(field, text.trim());
    case 'lines':
      return { value: text.split('\n').filter((line) => line.trim() !== '') };
    case 'select':
    case 'json':
      return readJson(field, text);
    default:
      return assertNever(field);
  }
}

/** Reads a form: what is empty and not needed is left out of the context. */
export function readForm(fields: readonly FormField[], values: FormValues): FormReading {
  const context = new Map<string, unknown>();
  const errors: Record<string, string> = {};
  for (const field of fields) {
    const reading = readField(field, values[field.key]);
    if (reading === undefined) continue;
    if ('error' in reading) errors[field.key] = reading.error;
    else if (field.key !== WHOLE_CONTEXT) context.set(field.key, reading.value);
    else if (isObject(reading.value))
      for (const entry of Object.entries(reading.value)) context.set(...entry);
  }
  return { context: Object.fromEntries(context), errors };
}
