import { createHash } from 'node:crypto';
import { basename, isAbsolute, relative, sep } from 'node:path';
import { isInside } from './project-file.ts';

/** SHA-256 (hex) of a value as JSON with sorted keys; the same for every order of keys, and absent equals undefined. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** An argument as every machine would write it: a path in the project from its root, another absolute path by its name. */
export function portableArgument(root: string, argument: string): string {
  if (!isAbsolute(argument)) return argument;
  if (!isInside(root, argument)) return basename(argument);
  return `./${relative(root, argument).split(sep).join('/')}`;
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const pairs = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
  return `{${pairs.join(',')}}`;
}
