import type { BoardConfig } from './config.ts';
import type { JsonValue } from './json.ts';
import { MAX_TEXT, MAX_TITLE } from './limits.ts';
import { PROTECTED_FIELDS } from './snapshot.ts';
import { type Refusal, refuse } from './verdict.ts';

/** From the highest to the lowest. */
export const PRIORITIES: readonly string[] = ['critical', 'high', 'medium', 'low'];
/** From the most urgent to the least. */
export const URGENCIES: readonly string[] = ['immediate', 'high', 'normal', 'low'];
/** From the simplest to the hardest. */
const COMPLEXITIES: readonly string[] = ['low', 'medium', 'high'];

const CUSTOM = 'custom_fields.';

/** A value that was checked and brought into the form that is stored. */
export type FieldValue = { readonly ok: true; readonly value: JsonValue } | Refusal;

/** The fields that `update` may change, beside `custom_fields.<name>`. */
const EDITABLE_FIELDS: readonly string[] = [
  'title',
  'description',
  'priority',
  'urgency',
  'complexity',
  'type',
  'tags',
];

/** Checks a value for a field of a task: `title`, `tags`, `custom_fields.estimate` and so on. */
export function checkField(config: BoardConfig, field: string, value: JsonValue): FieldValue {
  if (field.startsWith(CUSTOM)) return checkCustomField(field.slice(CUSTOM.length), value);
  switch (field) {
    case 'title':
      return checkTitle(value);
    case 'description':
      return value === null || value === '' ? { ok: true, value: null } : checkText(field, value, MAX_TEXT);
    case 'priority':
      return oneOf(field, value, PRIORITIES);
    case 'urgency':
      return optionalOneOf(field, value, URGENCIES);
    case 'complexity':
      return optionalOneOf(field, value, COMPLEXITIES);
    case 'type':
      return oneOf(field, value, config.task_types);
    case 'tags':
      return checkTags(value);
    default:
      return unknownField(field);
  }
}

function unknownField(field: string): Refusal {
  if (PROTECTED_FIELDS.includes(field)) {
    return refuse('VALIDATION_ERROR', `The field ${field} is not changed with update.`, {
      hint: 'Use the command for it, such as status, assign or link.',
    });
  }
  return refuse('VALIDATION_ERROR', `A task has no field ${JSON.stringify(field)}.`, {
    hint: `Its fields are ${EDITABLE_FIELDS.join(', ')}. Use custom_fields.<name> for your own.`,
  });
}

function checkTitle(value: JsonValue): FieldValue {
  const title = typeof value === 'string' ? value.trim() : '';
  if (title === '') return refuse('VALIDATION_ERROR', 'A task needs a title.');
  return checkText('title', title, MAX_TITLE);
}

/** Refuses what is no text or is longer than `limit` UTF-16 units. */
export function checkText(name: string, value: JsonValue, limit: number): FieldValue {
  if (typeof value !== 'string') return refuse('VALIDATION_ERROR', `The ${name} must be text.`);
  if (value.length <= limit) return { ok: true, value };
  return refuse('VALIDATION_ERROR', `The ${name} is ${value.length} characters long; the limit is ${limit}.`);
}

function oneOf(name: string, value: JsonValue, allowed: readonly string[]): FieldValue {
  if (typeof value === 'string' && allowed.includes(value)) return { ok: true, value };
  return refuse('VALIDATION_ERROR', `${JSON.stringify(value)} is no ${name}.`, {
    hint: `Use ${allowed.join(', ')}.`,
  });
}

function optionalOneOf(name: string, value: JsonValue, allowed: readonly string[]): FieldValue {
  return value === null || value === '' ? { ok: true, value: null } : oneOf(name, value, allowed);
}

function checkTags(value: JsonValue): FieldValue {
  const tags = value === null ? [] : typeof value === 'string' ? value.split(',') : value;
  if (!Array.isArray(tags) || !tags.every((tag): tag is string => typeof tag === 'string')) {
    return refuse('VALIDATION_ERROR', 'Tags are a list of words.');
  }
  const clean = [...new Set(tags.map((tag) => tag.trim()).filter((tag) => tag !== ''))];
  return { ok: true, value: clean };
}

function checkCustomField(name: string, value: JsonValue): FieldValue {
  if (name === '') return refuse('VALIDATION_ERROR', 'A custom field needs a name after custom_fields.');
  return typeof value === 'string' ? checkText(`field ${name}`, value, MAX_TEXT) : { ok: true, value };
}
