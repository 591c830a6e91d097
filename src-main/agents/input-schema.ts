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
    const isPicoschema = schema.type === undefined && schema.properties === undefined;
    const read: unknown = JSON.parse(JSON.stringify(await picoschema(structuredClone(schema))));
    const json = isPicoschema ? withoutNulls(read) : read;
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

/** Picoschema makes a field that may be left out nullable too; in a context, null and left out are the same. */
function withoutNulls(schema: unknown): unknown {
  if (!isMap(schema) || !isMap(schema.properties)) return schema;
  const properties = Object.entries(schema.properties).map(([name, property]) => {
    if (!isMap(property)) return [name, property];
    const { type, enum: values } = property;
    const types = Array.isArray(type) ? type.filter((each) => each !== 'null') : [];
    return [
      name,
      {
        ...property,
        ...(types.length === 0 ? {} : { type: types.length === 1 ? types[0] : types }),
        ...(Array.isArray(values) ? { enum: values.filter((value) => value !== null) } : {}),
      },
    ];
  });
  return { ...schema, properties: Object.fromEntries(properties) };
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

/** A context in the types of its schema: text converted, and null taken as left out where it means nothing. */
function fromText(schema: InputSchema, context: TaskContext): TaskContext {
  const properties = isMap(schema.properties) ? schema.properties : {};
  return Object.fromEntries(
    Object.entries(context).flatMap(([name, value]) => {
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (!isMap(property)) return [[name, value]];
      const types = typesOf(property);
      if (value === null && property.type !== undefined && !types.has('null')) return [];
      return [[name, typeof value === 'string' ? convert(value, types) : value]];
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
