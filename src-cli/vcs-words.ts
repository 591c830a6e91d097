import type { Checkpoint, Committed, Pushed, Undone, VcsStatus } from '../src-main/vcs/vcs.ts';
import { paint, table } from './output.ts';
import { safeText } from './safe-text.ts';
import { ago } from './words.ts';

const MOST_FILES = 20;

export function statusWords(status: VcsStatus): string[] {
  const { preset, at, changed, ongoing, lastCheckpoint } = status;
  return [
    `${paint('bold', safeText(at))}  ${paint('dim', preset)}`,
    ...(ongoing === undefined ? [] : [paint('yellow', `A ${ongoing} is under way.`)]),
    ...(changed.length === 0
      ? ['Nothing is changed.']
      : [`${count(changed.length)} changed`, ...fileLines(changed)]),
    lastCheckpoint === undefined
      ? 'No checkpoint yet.'
      : `Last checkpoint: ${checkpointLine(lastCheckpoint)}`,
  ];
}

export function listWords(all: readonly Checkpoint[]): string[] {
  if (all.length === 0) return ['No checkpoint yet. lattice vcs checkpoint makes one.'];
  const rows = all.map((each) => [String(each.number), each.kind, ago(each.time), firstLine(each.message)]);
  return [table(['number', 'kind', 'when', 'message'], rows)];
}

export function checkpointWords(made: Checkpoint): string[] {
  return [
    `Kept as checkpoint ${made.number}: ${firstLine(made.message)}`,
    ...(made.workspace === undefined ? [] : [`Its workspace is ${made.workspace}.`]),
    paint('dim', `lattice vcs undo --to ${made.number} comes back to it.`),
  ];
}

export function commitWords({
  before,
  committed,
}: {
  before: Checkpoint;
  committed: Committed | null;
}): string[] {
  if (committed === null) return ['Nothing is changed, so there is nothing to commit.'];
  return [
    `Committed ${count(committed.files.length)} to ${safeText(committed.on)} as ${committed.id.slice(0, 12)}.`,
    ...fileLines(committed.files),
    paint('dim', `lattice vcs undo --to ${before.number} takes it back.`),
  ];
}

export function undoWords({ to, before, files, notes }: Undone): string[] {
  return [
    `Back at checkpoint ${to.number}: ${firstLine(to.message)}`,
    `${count(files.length)} went back`,
    ...fileLines(files),
    ...notes.map((note) => `${paint('yellow', 'note')} ${safeText(note)}`),
    paint('dim', `lattice vcs undo --to ${before.number} brings the state before back.`),
  ];
}

export function pushWords({ remote, branch, dryRun, said, notes }: Pushed): string[] {
  return [
    `${dryRun ? 'Would push' : 'Pushed'} ${safeText(branch)} to ${safeText(remote)}.`,
    ...(said === '' ? [] : [paint('dim', safeText(said))]),
    ...notes.map((note) => `${paint('yellow', 'note')} ${safeText(note)}`),
    ...(dryRun ? [] : [paint('dim', 'A push cannot be undone from here; push a commit that reverts it.')]),
  ];
}

function fileLines(files: readonly string[]): string[] {
  const shown = files.slice(0, MOST_FILES).map((file) => `  ${oneLine(file)}`);
  return files.length <= MOST_FILES ? shown : [...shown, `  and ${files.length - MOST_FILES} more`];
}

function checkpointLine(checkpoint: Checkpoint): string {
  return `${checkpoint.number}, ${ago(checkpoint.time)}: ${firstLine(checkpoint.message)}`;
}

function count(files: number): string {
  return files === 1 ? '1 file' : `${files} files`;
}

function firstLine(text: string): string {
  return safeText(text).split('\n', 1)[0] ?? '';
}

/** A file name may hold anything, also what steers a terminal. */
function oneLine(text: string): string {
  return safeText(text).replaceAll('\n', '␊');
}
