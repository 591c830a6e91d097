import type { FoundIssue } from './check.ts';
import { closest } from './closest.ts';
import type { Diagnostic, YamlPath } from './diagnostic.ts';

/** Something that has the right shape and makes no sense. */
export interface MeaningIssue extends FoundIssue {
  severity: Diagnostic['severity'];
}

/** An error at a value; `suggestion` is a sentence. */
export function wrong(path: YamlPath, message: string, suggestion?: string): MeaningIssue {
  return { severity: 'error', path, of: 'value', message, suggestion };
}

/** A warning at a value; `suggestion` is a sentence. */
export function doubtful(path: YamlPath, message: string, suggestion?: string): MeaningIssue {
  return { ...wrong(path, message, suggestion), severity: 'warning' };
}

/** What a person may have meant by a word, as a sentence; nothing when no name is near. */
export function meant(word: string, names: Iterable<string>): string | undefined {
  const name = closest(word, names);
  return name === undefined ? undefined : `Did you mean ${name}?`;
}
