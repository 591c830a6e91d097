/** The ways of version control that lattice.yaml can name. */
export const VCS_PRESETS = ['jj-workspace', 'jj-checkpoint', 'git-stash', 'none'] as const;
export type VcsPreset = (typeof VCS_PRESETS)[number];

/** A state of the files that can be brought back. */
export interface Checkpoint {
  /** Counts up from 1 within a repository. */
  readonly number: number;
  /** `undo` was taken by an undo of the state that it replaced. */
  readonly kind: 'checkpoint' | 'undo';
  readonly message: string;
  /** ISO 8601 */
  readonly time: string;
  /** The checkpoint that an undo went back to. */
  readonly undid?: number | undefined;
  /** Where the agent works instead of the project folder; absolute. */
  readonly workspace?: string | undefined;
}

export interface VcsStatus {
  readonly preset: VcsPreset;
  /** The branch or change that is worked on, in words. */
  readonly at: string;
  /** Files that differ from the last commit, from the top of the repository. */
  readonly changed: readonly string[];
  /** A merge or the like that a person has to end first. */
  readonly ongoing?: string | undefined;
  readonly lastCheckpoint?: Checkpoint | undefined;
}

export interface Committed {
  readonly id: string;
  /** The branch or change that the commit is on. */
  readonly on: string;
  readonly message: string;
  readonly files: readonly string[];
}

export interface Undone {
  /** What the files were brought back to. */
  readonly to: Checkpoint;
  /** The state before; `undo` with its number brings it back. */
  readonly before: Checkpoint;
  readonly files: readonly string[];
  /** What was left as it is, and why. */
  readonly notes: readonly string[];
}

export interface Pushed {
  readonly remote: string;
  readonly branch: string;
  readonly dryRun: boolean;
  /** What the tool said about it. */
  readonly said: string;
  readonly notes: readonly string[];
}

export interface CommitRequest {
  message: string;
  /** Only these of the changed files, from the top of the repository; all without. */
  files?: readonly string[] | undefined;
  /** The checkpoint of the run that made the changes. */
  since?: Checkpoint | undefined;
}

/** Version control in the way that a preset says. Every method throws LatticeError. */
export interface Vcs {
  readonly preset: VcsPreset;
  status(): Promise<VcsStatus>;
  /** Every state that can be brought back, the newest first. */
  list(): Promise<Checkpoint[]>;
  /** Keeps the state of the files as it is now; the files stay untouched. */
  checkpoint(message: string): Promise<Checkpoint>;
  /** Files that differ from a checkpoint, or from the last commit; from the top of the repository. */
  filesChanged(since?: Checkpoint): Promise<string[]>;
  /** Commits what changed; nothing when there is nothing to commit. */
  commit(request: CommitRequest): Promise<Committed | undefined>;
  /** Brings a checkpoint back, the last one that differs without a number. The state before is kept first. */
  undo(to?: number): Promise<Undone>;
  push(options: { dryRun: boolean }): Promise<Pushed>;
}
