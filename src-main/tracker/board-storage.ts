import type { LatticeError } from '../../src-shared/errors.ts';
import type { LiveSource } from '../../src-shared/live.ts';
import type { Actor } from '../../src-shared/tracker/actor.ts';
import type { ArtifactMeta } from '../../src-shared/tracker/artifact.ts';
import type { BoardConfig } from '../../src-shared/tracker/config.ts';
import type { Provenance, TaskEvent } from '../../src-shared/tracker/event.ts';
import type { CreateInput } from '../../src-shared/tracker/operations/create.ts';
import type { TaskState } from '../../src-shared/tracker/operations/operation.ts';
import type { TaskSnapshot } from '../../src-shared/tracker/snapshot.ts';
import type { BoardEntry } from './board-index.ts';
import type { TextKind } from './board-paths.ts';
import type { TaskOperation } from './task-operation.ts';

/** Who writes, and why. */
export interface BoardAuthor {
  readonly actor: Actor;
  readonly provenance?: Provenance;
  readonly agentMeta?: { readonly model?: string; readonly session?: string };
}

/** What came of an operation. */
export interface BoardOutcome {
  readonly task: TaskSnapshot;
  readonly archived: boolean;
  /** What was written; nothing when everything was as asked. */
  readonly events: readonly TaskEvent[];
  /** Why nothing was written. */
  readonly note?: string;
  readonly warnings: readonly string[];
}

/** A task in full. */
export interface BoardTask extends TaskState {
  /** Why the log is not whole, in one sentence. */
  readonly damage?: string;
}

/** The plan or the notes of a task. */
export interface BoardText {
  readonly text: string;
  readonly exists: boolean;
  /** Names what was read; a save that gives it is refused when the file has changed since. */
  readonly digest: string;
}

/** Which task `next` is to choose, and for whom. */
export interface NextQuery {
  readonly actor?: Actor;
  /** Where to look; the board's ready statuses without it. */
  readonly statuses?: readonly string[];
}

/** A board, wherever it lives. Tasks are named by id or short id. Every failure is a `LatticeError` with a hint. */
export interface BoardStorage extends AsyncDisposable {
  /** The folder that holds the board, or the address of it. */
  readonly root: string;
  /** Why nothing can be written here; undefined when it can. */
  readonly readOnly: string | undefined;
  config(): Promise<BoardConfig>;
  /** Every task, archived ones too, in the order of their ids. */
  list(): Promise<readonly BoardEntry[]>;
  /** Logs from which no task can be made, with the reason, by task id. */
  broken(): ReadonlyMap<string, LatticeError>;
  get(ref: string): Promise<BoardTask>;
  create(input: CreateInput, author: BoardAuthor): Promise<BoardOutcome>;
  apply(ref: string, operation: TaskOperation, author: BoardAuthor): Promise<BoardOutcome>;
  next(query: NextQuery): Promise<TaskSnapshot | undefined>;
  /** Takes the next task for the author; undefined when none fits. */
  claim(query: NextQuery, author: BoardAuthor): Promise<BoardOutcome | undefined>;
  readText(ref: string, kind: TextKind): Promise<BoardText>;
  writeText(ref: string, kind: TextKind, text: string, digest?: string): Promise<BoardText>;
  artifact(id: string): Promise<ArtifactMeta | undefined>;
  /** Every task as it is and as it changes, by whatever program; starts with the first listener. */
  watch(): Promise<LiveSource<BoardEntry>>;
}
