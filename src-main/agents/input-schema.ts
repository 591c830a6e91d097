import { picoschema } from 'dotprompt';
import { z } from 'zod';
import { LatticeError } from '../../src-shared/errors.ts';
import { findIssues } from '../../src-shared/lattice-yaml/check.ts';
import { isMap } from '../../src-shared/lattice-yaml/merge.ts';
import type { TaskContext } from '../../src-shared/protocol/invoke.ts';

/** A JSON Schema travels with every announcement of its station, so it stays small; in characters. */
const MAX_SCHEMA_CHARS = 32_768;

/** A JSON Schema of a context. */
export type InputSchema = Record<string, unknown>;

/**
 * Makes the JSON Schema of an agent's context from JSON Schema or Picoschema; a default makes its field optional.
 * @throws LatticeError `invalid_input` when the schema cannot be used to check a context.
 */
export async function toInputSchema(
  schema: unknown,
  defaults: Readonly<Record<string, unknown>> = {},
): Promise<InputSchema | undefined> {
  if (schema === undefined || schema === null) return undefined;
  if (!isMap(schema)) throw new LatticeError('invalid_input', 'An input schema has to be a map of fields.');
  try {
    const json: unknown = JSON.parse(JSON.stringify(await picoschema(structuredClone(schema))));
    if (!isMap(json) || json.type !== 'object') throw new Error('it has to describe an object');
    if (JSON.stringify(json).length > MAX_SCHEMA_CHARS) throw new Error('it is larger than 32 KiB');
    const withDefaults = addDefaults(json, defaults);
    z.fromJSONSchema(withDefaults as z.core.JSONSchema.BaseSchema);
    return withDefaults;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^Picoschema: /, '') : String(error);
    throw new LatticeError(
      'invalid_input',
      `The input schema cannot be used: ${reason.replace(/\.$/, '')}.`,
      {
        hint: 'Write JSON Schema with type: object, or Picoschema such as "text: string, what to read".',
        cause: error,
      },
    );
  }
}

/**
 * The context an agent gets: checked, with the defaults of the schema, and with text turned into the number or the
 * boolean a field asks for (a command line can only send text).
 * @throws LatticeError `invalid_input` that names each field that does not fit.
 */
export function checkContext(
  agent: string,
  schema: InputSchema | undefined,
  context: TaskContext,
): TaskContext {
  if (schema === undefined) return context;
  const check = z.fromJSONSchema(schema as z.core.JSONSchema.BaseSchema);
  const given = fromText(schema, context);
  const parsed = check.safeParse(given);
  if (parsed.success && isMap(parsed.data)) return parsed.data;
  const issues = findIssues(given, check);
  throw new LatticeError(
    'invalid_input',
    `The context does not fit agent ${agent}. ${issues.map((issue) => issue.message).join(' ')}`.trim(),
    {
      hint: `Its fields are: ${fieldsOf(schema)}.`,
      details: { issues: issues.map(({ path, message }) => ({ path: path.join('.'), message })) },
    },
  );
}

function addDefaults(schema: InputSchema, defaults: Readonly<Record<string, unknown>>): InputSchema {
  const properties = isMap(schema.properties) ? { ...schema.properties } : {};
  for (const [name, value] of Object.entries(defaults)) {
    const property = properties[name];
    if (isMap(property)) properties[name] = { ...property, default: value };
  }
  const required = Array.isArray(schema.required)
    ? schema.required.filter((name) => !Object.hasOwn(defaults, String(name)))
    : [];
  const { required: _, ...rest } = schema;
  return { ...rest, properties, ...(required.length > 0 ? { required } : {}) };
}

function fromText(schema: InputSchema, context: TaskContext): TaskContext {
  const properties = isMap(schema.properties) ? schema.properties : {};
  return Object.fromEntries(
    Object.entries(context).map(([name, value]) => {
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      return [name, typeof value === 'string' && isMap(property) ? convert(value, typesOf(property)) : value];
    }),
  );
}

function convert(text: string, types: ReadonlySet<unknown>): unknown {
  if (types.has('string')) return text;
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  const isNumber = text.trim() !== '' && Number.isFinite(Number(text));
  return (types.has('number') || types.has('integer')) && isNumber ? Number(text) : text;
}

function typesOf(property: Record<string, unknown>): ReadonlySet<unknown> {
  return new Set(Array.isArray(property.type) ? property.type : [property.type]);
}

function fieldsOf(schema: InputSchema): string {
  const names = isMap(schema.properties) ? Object.keys(schema.properties) : [];
  return names.length === 0 ? 'none' : names.join(', ');
}
