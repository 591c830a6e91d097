import type { Edit, PlainValue } from '../lattice-yaml/edit/edit.ts';
import { plainAt } from '../lattice-yaml/edit/find.ts';
import { type RunKind, runKeys } from '../lattice-yaml/run-schema.ts';
import { fieldEdits } from './form-edits.ts';
import { isPlainMap } from './gestures.ts';

/** What each kind of run is, as a person chooses between them. */
export const RUN_KINDS: Readonly<Record<RunKind, { readonly title: string; readonly text: string }>> = {
  model: {
    title: 'A model',
    text: 'The prompt is answered by the model that routing chooses, with tools if you like.',
  },
  acp: {
    title: 'A coding agent',
    text: 'A program that reads, edits and runs things itself, such as OpenCode or Claude Code.',
  },
  command: {
    title: 'A program',
    text: 'Your own program. It gets the task as a line of JSON and answers in lines.',
  },
};

/** What answers as an agent whose `run` says this; one that says nothing is a prompt that a model answers. */
export function runKindOf(run: PlainValue): RunKind {
  if (plainAt(run, ['command']) !== null) return 'command';
  return plainAt(run, ['acp']) === null ? 'model' : 'acp';
}

/**
 * The edits that make an agent another kind, in a file that says `said`. Keys that the new kind does not know go, those
 * that nobody knows stay; a prompt with nothing else to say needs no `run` at all.
 */
export function runKindEdits(said: PlainValue, agent: string, kind: RunKind): Edit[] {
  const path = ['agents', agent, 'run'];
  const run = plainAt(said, path);
  if (runKindOf(run) === kind) return [];
  const lost = lostKeys(run, kind);
  const was = runKindOf(run);
  const own = isPlainMap(run) ? Object.keys(run) : [];
  if (kind === 'model' && own.every((key) => key === was || lost.includes(key)))
    return fieldEdits(said, path, undefined);
  const value = startOf(kind, agent);
  if (run === null) return fieldEdits(said, path, { [kind]: value });
  const at = [...path, kind];
  const makes: Edit[] = own.includes(was)
    ? [
        { kind: 'rename', path: [...path, was], name: kind },
        { kind: 'set', path: at, value },
      ]
    : fieldEdits(said, at, value);
  return [...makes, ...lost.map((key) => ({ kind: 'remove', path: [...path, key] }) as const)];
}

/** The keys of a run that go when it becomes another kind, beside the one that made it what it was. */
export function lostKeys(run: PlainValue, kind: RunKind): string[] {
  const was = runKindOf(run);
  return Object.keys(isPlainMap(run) ? run : {}).filter((key) => key !== was && isLost(key, kind));
}

function isLost(key: string, kind: RunKind): boolean {
  return !runKeys[kind].includes(key) && Object.values(runKeys).flat().includes(key);
}

function startOf(kind: RunKind, agent: string): PlainValue {
  switch (kind) {
    case 'model':
      return true;
    case 'acp':
      return 'opencode';
    case 'command':
      return ['node', `./agents/${agent}.mjs`];
    default:
      return kind satisfies never;
  }
}
