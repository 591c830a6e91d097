import type { RunLine, RunView } from '../../../../src-shared/views/run.ts';
import type { OutputLine } from '../../../ui/output.tsx';
import type { Status } from '../../../ui/status.ts';

/** The glyph of a run's state. */
export const RUN_STATUS: Readonly<Record<RunView['state'], Status>> = {
  routing: 'queued',
  queued: 'queued',
  running: 'running',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** Whether a run has no outcome yet. */
export function isOpen(run: RunView): boolean {
  return run.ended_at === undefined;
}

/** What the runs of this window say about an agent, on one station or on all. */
export interface RunFacts {
  /** Middle duration of the completed runs, in milliseconds. */
  medianMs: number | undefined;
  /** A run that has no outcome yet, else the newest. */
  last: RunView | undefined;
}

/** The middle of some values; the mean of the two in the middle of an even number. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
}

/** The facts of the runs given, oldest first. */
export function factsOf(runs: readonly RunView[]): RunFacts {
  const durations = runs.flatMap((run) =>
    run.state === 'completed' && run.ended_at !== undefined
      ? [Date.parse(run.ended_at) - Date.parse(run.started_at)]
      : [],
  );
  return { medianMs: median(durations), last: runs.findLast(isOpen) ?? runs.at(-1) };
}

/** The bare name of the agent of a run, which may have been asked for as `station/agent`. */
export function agentOf(run: RunView): string {
  return run.agent.slice(run.agent.lastIndexOf('/') + 1);
}

const pieces = new WeakMap<RunLine, readonly OutputLine[]>();

/** A piece of output as lines of their own. */
function linesOf(piece: RunLine): readonly OutputLine[] {
  const known = pieces.get(piece);
  if (known !== undefined) return known;
  const lines = piece.text
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map((text, index): OutputLine => {
      const line = { key: `${piece.seq}.${index}`, time: piece.time, text };
      return piece.kind === 'output' ? line : { ...line, tone: piece.kind === 'note' ? 'calm' : 'run' };
    });
  pieces.set(piece, lines);
  return lines;
}

/** All that a run said, line by line. */
export function outputLines(said: readonly RunLine[]): OutputLine[] {
  return said.flatMap(linesOf);
}

/** Where a run is, in a few words: *Running on forge*, *Waits for a free slot on forge*. */
export function runTitle(run: RunView): string {
  const on = run.station_name === undefined ? '' : ` on ${run.station_name}`;
  switch (run.state) {
    case 'routing':
      return run.station_name === undefined ? 'Looking for a station' : `Starting${on}`;
    case 'queued':
      return `Waits for a free slot${on}`;
    case 'running':
      return `Running${on}`;
    case 'completed':
      return `Completed${on}`;
    case 'failed':
      return `Failed${on}`;
    case 'cancelled':
      return `Cancelled${on}`;
  }
}

/** How far a run is, in words: *Step 2 of 3, restart each pod*. */
export function progressText({ progress }: RunView): string | undefined {
  if (progress === undefined) return undefined;
  const step =
    progress.step === undefined
      ? undefined
      : `Step ${progress.step}${progress.of === undefined ? '' : ` of ${progress.of}`}`;
  const percent = progress.percent === undefined ? undefined : `${Math.round(progress.percent)}%`;
  return step ?? percent;
}
