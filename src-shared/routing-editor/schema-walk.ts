import type { YamlPath } from '../lattice-yaml/diagnostic.ts';
import { latticeYamlJsonSchema } from '../lattice-yaml/schema.ts';
import type { JsonSchema } from '../lattice-yaml/unknown-keys.ts';

let schema: JsonSchema | undefined;

/** The parts of the schema that may stand at a path: more than one where a value has several shapes. */
function branchesAt(path: YamlPath): JsonSchema[] {
  schema ??= latticeYamlJsonSchema() as JsonSchema;
  return path.reduce<JsonSchema[]>(
    (branches, step) => branches.flatMap((branch) => inner(branch, step)).flatMap(unfolded),
    unfolded(schema),
  );
}

function unfolded(branch: JsonSchema): JsonSchema[] {
  const choices = branch.anyOf ?? branch.oneOf;
  if (choices === undefined) return [branch];
  return choices.flatMap((choice) =>
    unfolded({ description: branch.description, ...(choice as JsonSchema) } as JsonSchema),
  );
}

function inner(branch: JsonSchema, step: string | number): JsonSchema[] {
  if (typeof step === 'number') {
    const { items, prefixItems } = branch;
    const first = Array.isArray(prefixItems) ? prefixItems[0] : undefined;
    return [items, first].filter((each) => isSchema(each));
  }
  const known = branch.properties?.[step];
  if (isSchema(known)) return [known];
  const { additionalProperties: rest } = branch;
  return isSchema(rest) && Object.keys(rest).length > 0 ? [rest] : [];
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What the schema says at a path; the shape that says most. */
export function schemaAt(path: YamlPath): { description?: string | undefined } | undefined {
  const branches = branchesAt(path);
  return branches.find(({ description }) => description !== undefined) ?? branches[0];
}

/** A key that may be written in a map. */
export interface KnownKey {
  readonly name: string;
  readonly type: string;
  readonly description: string | undefined;
}

/** The keys that the schema knows in the map at a path. */
export function keysAt(path: YamlPath): KnownKey[] {
  const keys = new Map<string, KnownKey>();
  for (const branch of branchesAt(path)) {
    for (const [name, value] of Object.entries(branch.properties ?? {})) {
      if (keys.has(name) || !isSchema(value)) continue;
      const [first] = unfolded(value).filter(({ type }) => type !== 'null');
      const type = typeof first?.type === 'string' ? first.type : '';
      keys.set(name, { name, type, description: value.description ?? first?.description });
    }
  }
  return [...keys.values()];
}

const MODEL_PATTERN = '/';

/** The values that the schema or `models` offer at a path. */
export function valuesAt(path: YamlPath, models: readonly string[]): string[] {
  return [
    ...new Set(
      branchesAt(path).flatMap((branch) => {
        if (branch.const !== undefined) return [String(branch.const)];
        if (Array.isArray(branch.enum)) return branch.enum.map(String);
        if (branch.type === 'boolean') return ['true', 'false'];
        return typeof branch.pattern === 'string' && branch.pattern.includes(MODEL_PATTERN) ? models : [];
      }),
    ),
  ];
}
