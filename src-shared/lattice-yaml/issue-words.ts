import type { z } from 'zod';
import { closest } from './closest.ts';
import type { YamlPath } from './diagnostic.ts';

type Issue = z.core.$ZodIssue;

/** Stands for a value that may be a secret. */
export const HIDDEN = Symbol('a hidden value');

const NOUNS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
  null: 'nothing',
};

/** One issue of a schema check as a sentence for the person who wrote the value. */
export function issueMessage(issue: Issue, found: unknown, path: YamlPath): string {
  const name = path.length === 0 ? 'The document' : path.map(String).join('.');
  switch (issue.code) {
    case 'invalid_type':
      if (found === undefined) return `${name} is missing; it has to be ${noun(issue.expected)}.`;
      return `${name} has to be ${noun(issue.expected)}, not ${describe(found)}.`;
    case 'invalid_union':
      if (issue.errors.length > 0)
        return `${name} has to be ${shapes(issue).join(' or ')}, not ${describe(found)}.`;
      return `${name} ${missingOr(found)}.${choiceOf(allowed(issue))}`;
    case 'invalid_value':
      return `${name} ${missingOr(found)}.${choiceOf(allowed(issue))}`;
    case 'invalid_key':
      return `The name ${shorten(String(path.at(-1)))} cannot be used. ${issue.issues[0]?.message ?? ''}`.trim();
    case 'unrecognized_keys':
      return `${name} does not take ${issue.keys.join(', ')}.`;
    case 'too_small':
      if (issue.origin === 'string' || issue.origin === 'array') return `${name} is empty or too short.`;
      return `${name} has to be at least ${issue.minimum}.`;
    case 'too_big':
      if (issue.origin === 'string' || issue.origin === 'array')
        return `${name} is too long; the limit is ${issue.maximum}.`;
      return `${name} can be ${issue.maximum} at most.`;
    case 'invalid_format':
      return `${name} cannot be ${describe(found)}. ${issue.message}`;
    default:
      return `${name}: ${issue.message}`;
  }
}

/** What the person may have meant, where the issue allows a guess. */
export function issueSuggestion(issue: Issue, found: unknown): string | undefined {
  if (typeof found !== 'string') return undefined;
  if (issue.code === 'invalid_type' && (issue.expected === 'tuple' || issue.expected === 'array'))
    return `Write a list: [${shorten(found.trim().split(/\s+/).join(', '))}].`;
  const meant = closest(found, allowed(issue));
  return meant === undefined ? undefined : `Did you mean ${meant}?`;
}

/** The values that an issue says are allowed. */
function allowed(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code !== 'invalid_union') return [];
  if ('options' in issue && issue.options !== undefined) return issue.options.map(String);
  return issue.errors.flat().flatMap(allowed);
}

/** What the branches of a union take: kinds of values, and values that are spelled out. */
function shapes(issue: z.core.$ZodIssueInvalidUnion): string[] {
  const taken = issue.errors
    .flat()
    .flatMap((each) => (each.code === 'invalid_type' ? [noun(each.expected)] : allowed(each)));
  return [...new Set(taken)];
}

function missingOr(found: unknown): string {
  return found === undefined ? 'is missing' : `cannot be ${describe(found)}`;
}

function choiceOf(values: readonly string[]): string {
  return values.length === 0 ? '' : ` Use ${values.join(', ')}.`;
}

function noun(expected: string): string {
  return NOUNS[expected] ?? expected;
}

function describe(found: unknown): string {
  if (found === HIDDEN) return 'this value';
  if (found === null || found === undefined) return 'nothing';
  if (Array.isArray(found)) return 'a list';
  if (typeof found === 'object') return 'a map of keys';
  return typeof found === 'string' ? `"${shorten(found)}"` : String(found);
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
