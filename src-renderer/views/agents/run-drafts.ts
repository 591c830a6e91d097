import { useCallback } from 'react';
import { create } from 'zustand';
import type { FormValues } from './logic/schema-form.ts';

/** What the run sheet of one agent remembers while the app runs. */
export interface RunDraft {
  task: string;
  /** What was entered into the form; fields that nobody touched are absent. */
  values: FormValues;
  /** Undefined for the limit of the agent or the usual one. */
  timeoutMs: number | undefined;
  /** The run that the sheet shows; undefined for the newest of the agent. */
  shown: string | undefined;
  /** Whether someone tried to run it, from when on mistakes are marked. */
  tried: boolean;
}

const EMPTY: RunDraft = { task: '', values: {}, timeoutMs: undefined, shown: undefined, tried: false };

const useDrafts = create<{ drafts: Readonly<Record<string, RunDraft>> }>()(() => ({ drafts: {} }));

/** Changes what the sheet of an agent remembers. */
export function changeDraft(agent: string, change: Partial<RunDraft>): void {
  useDrafts.setState(({ drafts }) => ({
    drafts: { ...drafts, [agent]: { ...(drafts[agent] ?? EMPTY), ...change } },
  }));
}

/** What the sheet of an agent remembers, and how it changes. */
export function useRunDraft(agent: string): [RunDraft, (change: Partial<RunDraft>) => void] {
  const draft = useDrafts((state) => state.drafts[agent] ?? EMPTY);
  const change = useCallback((part: Partial<RunDraft>) => changeDraft(agent, part), [agent]);
  return [draft, change];
}
