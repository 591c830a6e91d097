import { z } from 'zod';
import type { Diagnostic, TextRange, YamlPath } from './diagnostic.ts';
import { HIDDEN, issueMessage, issueSuggestion } from './issue-words.ts';
import { locate, type Place } from './locate.ts';
import { isMap } from './merge.ts';
import type { ParsedYaml } from './parse-yaml.ts';
import { isSecretPath } from './secret.ts';
import { type JsonSchema, unknownKeys } from './unknown-keys.ts';

type Issue = z.core.$ZodIssue;
/** The texts that data came from, the strongest last. */
export type Layers = readonly [ParsedYaml, ...ParsedYaml[]];

const jsonSchemas = new WeakMap<z.ZodType, JsonSchema>();

/** One thing that a schema refuses, in words. */
export interface FoundIssue {
  path: YamlPath;
  /** Whether the key or the value is wrong. */
  of: 'key' | 'value';
  message: string;
  suggestion: string | undefined;
  /** How far into a text on one line the mistake is. */
  within?: number;
}

/** What a schema refuses about a value, in words for the person who wrote it; empty when it fits. */
export function findIssues(value: unknown, schema: z.ZodType): FoundIssue[] {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return [];
  return parsed.error.issues
    .flatMap((issue) => flatten(issue))
    .map((issue) => {
      const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
      const found =
        isSecretPath(path) && issue.code !== 'invalid_key' ? hidden(value, path) : valueAt(value, path);
      return {
        path,
        of: issue.code === 'invalid_key' ? 'key' : 'value',
        message: issueMessage(issue, found, path),
        suggestion: issueSuggestion(issue, found),
      };
    });
}

/**
 * Checks data against a schema and points at what is wrong. `layers` are the texts the data came from, the strongest last.
 * Errors are what the schema refuses; a key that nobody knows but that looks like a known one is a warning.
 */
export function check(value: unknown, schema: z.ZodType, layers: Layers): Diagnostic[] {
  return [
    ...findIssues(value, schema).map((issue) => diagnosticAt(layers, 'error', issue)),
    ...unknownKeys(jsonSchemaOf(schema), value).map(({ path, meant }) =>
      diagnosticAt(layers, 'warning', {
        path,
        of: 'key',
        message: `The key ${path.at(-1)} is not known.`,
        suggestion: `Did you mean ${meant}?`,
      }),
    ),
  ];
}

/** A diagnostic at a path of the data, in the layer that says most about it. */
export function diagnosticAt(
  layers: Layers,
  severity: Diagnostic['severity'],
  { path, of, message, suggestion, within }: FoundIssue,
): Diagnostic {
  let best: { layer: ParsedYaml; place: Place } | undefined;
  for (const layer of layers) {
    const place = layer.document === undefined ? undefined : locate(layer.document, path, of);
    if (place !== undefined && (best === undefined || place.depth >= best.place.depth))
      best = { layer, place };
  }
  const [start, end] = best?.place.range ?? [0, 0];
  const inside = within === undefined ? start : start + within + (best?.place.isQuoted === true ? 1 : 0);
  const range: TextRange = [Math.min(inside, end), end];
  const diagnostic = (best?.layer ?? layers[0]).diagnostic(severity, range, message, { path, suggestion });
  return of === 'value' && isSecretPath(path) ? { ...diagnostic, text: '' } : diagnostic;
}

/** An issue of a union is told as the issue of the branch that fits best: the one that misses the fewest keys. */
function flatten(issue: Issue, prefix: readonly PropertyKey[] = []): (Issue & { path: PropertyKey[] })[] {
  const path = [...prefix, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ ...issue, path }];
  const branches = issue.errors.filter((issues) => issues.some((each) => each.path.length > 0));
  const [first, ...others] = branches;
  if (first === undefined) return [{ ...issue, path }];
  const branch = others.reduce((best, each) => (missing(each) < missing(best) ? each : best), first);
  return branch.flatMap((each) => flatten(each, path));
}

function missing(issues: readonly Issue[]): number {
  return issues.filter((each) => each.path.length === 1 && each.input === undefined).length;
}

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const known = jsonSchemas.get(schema) ?? z.toJSONSchema(schema, { io: 'input' });
  jsonSchemas.set(schema, known);
  return known;
}

/** What is said in place of a value that may be a secret. */
function hidden(value: unknown, path: YamlPath): unknown {
  const found = valueAt(value, path);
  return typeof found === 'string' || typeof found === 'number' ? HIDDEN : found;
}

function valueAt(value: unknown, path: YamlPath): unknown {
  let current = value;
  for (const step of path) {
    if (Array.isArray(current)) current = current[Number(step)];
    else if (isMap(current)) current = Object.hasOwn(current, step) ? current[step] : undefined;
    else return undefined;
  }
  return current;
}
