import { z } from 'zod';
import { billSchema } from './bill.ts';

/** Longest title on a card, in characters; the detail has the whole. */
export const CARD_TITLE_LIMIT = 300;

/** Who did something or is to do it, as the window names them. */
export const actorViewSchema = z.object({
  /** As it is written on the board: `human:ann`, or the name of a session. */
  key: z.string(),
  name: z.string(),
  kind: z.enum(['person', 'agent', 'team', 'other']),
});
export type ActorView = z.infer<typeof actorViewSchema>;

/** A column of a board: one status of its workflow. */
export const boardColumnSchema = z.object({
  status: z.string(),
  name: z.string(),
  description: z.string().optional(),
  /** How many cards it should hold at most. */
  limit: z.int().optional(),
  /** How cards stand here: not begun, being worked on, waiting for somebody, or over. */
  phase: z.enum(['waiting', 'active', 'stuck', 'over']),
  /** Statuses one can go to from here. */
  targets: z.array(z.string()),
});
export type BoardColumn = z.infer<typeof boardColumnSchema>;

/** A way to look at a board that a person keeps. */
export const savedFilterSchema = z.object({ name: z.string().min(1).max(80), text: z.string().max(500) });
export type SavedFilter = z.infer<typeof savedFilterSchema>;

export const boardFindingSchema = z.object({
  level: z.enum(['error', 'warning']),
  message: z.string(),
  task_id: z.string().optional(),
});
export type BoardFinding = z.infer<typeof boardFindingSchema>;

/** What can be changed about a board without touching its cards. */
export const boardSettingsSchema = z.object({
  name: z.string().max(200),
  default_status: z.string().max(64),
  default_priority: z.string().max(64),
  task_types: z.array(z.string().min(1).max(64)).min(1).max(50),
  universal_targets: z.array(z.string().max(64)).max(50),
  review_cycle_limit: z.int().min(0).max(1_000).optional(),
  statuses: z
    .array(
      z.object({
        status: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'Use small letters, digits, _ and -.'),
        name: z.string().max(80).optional(),
        limit: z.int().min(1).max(10_000).optional(),
        targets: z.array(z.string().max(64)).max(50),
        require_roles: z.array(z.string().min(1).max(64)).max(20),
        require_assigned: z.boolean(),
      }),
    )
    .min(1)
    .max(50),
});
export type BoardSettings = z.infer<typeof boardSettingsSchema>;

/** One board of the window; everything about it but its cards. */
export const boardViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** The folder that holds `.lattice`. */
  path: z.string(),
  state: z.enum(['ready', 'missing', 'failed']),
  /** Why it did not open, and what to do. */
  problem: z.string().optional(),
  /** Why nothing can be written. */
  read_only: z.string().optional(),
  /** The folder of this station's project: it stays in the list. */
  own: z.boolean(),
  code: z.string().optional(),
  columns: z.array(boardColumnSchema),
  types: z.array(z.string()),
  default_status: z.string(),
  /** Who the person at this machine is on the board. */
  me: z.string(),
  members: z.array(actorViewSchema),
  findings: z.array(boardFindingSchema),
  filters: z.array(savedFilterSchema),
  settings: boardSettingsSchema,
  /** Names the settings that were read; saving needs it. */
  settings_digest: z.string(),
  /** Median time from the first start to done over the last 90 days, in milliseconds. */
  median_cycle_ms: z.number().optional(),
});
export type BoardView = z.infer<typeof boardViewSchema>;

/** A task as a board or a list shows it. */
export const cardSchema = z.object({
  id: z.string(),
  short_id: z.string(),
  title: z.string(),
  status: z.string(),
  priority: z.string(),
  urgency: z.string().optional(),
  complexity: z.string().optional(),
  type: z.string(),
  assignee: actorViewSchema.optional(),
  tags: z.array(z.string()),
  created_at: z.string(),
  updated_at: z.string(),
  /** Since when it stands in its column. */
  since: z.string(),
  done_at: z.string().optional(),
  comments: z.int(),
  reopened: z.int(),
  relations: z.int(),
  branches: z.int(),
  /** Short ids of open tasks it waits for. */
  waits_for: z.array(z.string()),
  archived: z.boolean(),
  /** Why it asks for a person. */
  needs_human: z.string().optional(),
  /** The newest work it was given as. */
  work_id: z.string().optional(),
});
export type Card = z.infer<typeof cardSchema>;

/** A task that a search over all boards found. */
export const foundTaskSchema = z.object({
  board: z.string(),
  board_name: z.string(),
  task: z.string(),
  short_id: z.string(),
  title: z.string(),
});
export type FoundTask = z.infer<typeof foundTaskSchema>;

/** What the rules of the board say to one move. */
export const moveVerdictSchema = z.object({
  status: z.string(),
  allowed: z.boolean(),
  /** Why not, and what would help. */
  reason: z.string().optional(),
  /** Whether a person may move it all the same, with a reason. */
  can_force: z.boolean(),
  /** What to know before a move that is allowed. */
  warning: z.string().optional(),
});
export type MoveVerdict = z.infer<typeof moveVerdictSchema>;

const reactionViewSchema = z.object({
  emoji: z.string(),
  names: z.array(z.string()),
  mine: z.boolean(),
});

const commentBase = z.object({
  id: z.string(),
  author: actorViewSchema,
  at: z.string(),
  body: z.string(),
  edited: z.boolean(),
  deleted: z.boolean(),
  role: z.string().optional(),
  reactions: z.array(reactionViewSchema),
  mine: z.boolean(),
});
export type CommentLine = z.infer<typeof commentBase>;
const commentViewSchema = commentBase.extend({ replies: z.array(commentBase) });

export const relationViewSchema = z.object({
  /** `out` is written on this task, `in` on the other one. */
  direction: z.enum(['out', 'in']),
  type: z.string(),
  task_id: z.string(),
  short_id: z.string(),
  title: z.string(),
  status: z.string().optional(),
  note: z.string().optional(),
});
export type RelationView = z.infer<typeof relationViewSchema>;

/** One line of what happened, in words. */
export const boardEventSchema = z.object({
  id: z.string(),
  at: z.string(),
  actor: actorViewSchema,
  type: z.string(),
  text: z.string(),
  task_id: z.string(),
  short_id: z.string(),
  title: z.string(),
  /** Its place in the log of its task, for events of the same second. */
  place: z.int(),
});
export type BoardEvent = z.infer<typeof boardEventSchema>;

/** A work that a card was given as. */
export const cardRunSchema = z.object({
  work_id: z.string(),
  agent: z.string(),
  at: z.string(),
  by: actorViewSchema,
  /** How it ended, once the card says so. */
  outcome: z.string().optional(),
  /** What it cost, once it ended. */
  cost: billSchema.optional(),
  /** The rule that keeps the card where it is. */
  kept: z.string().optional(),
});
export type CardRun = z.infer<typeof cardRunSchema>;

/** A text file beside a task; `digest` names what was read, saving needs it. */
const taskTextSchema = z.object({ text: z.string(), digest: z.string(), exists: z.boolean() });

/** Everything about one task. */
export const taskDetailSchema = z.object({
  card: cardSchema,
  title: z.string(),
  description: z.string(),
  created_by: actorViewSchema,
  plan: taskTextSchema.extend({ scaffold: z.boolean() }),
  notes: taskTextSchema,
  comments: z.array(commentViewSchema),
  relations: z.array(relationViewSchema),
  branches: z.array(z.object({ branch: z.string(), repo: z.string().optional() })),
  artifacts: z.array(
    z.object({ id: z.string(), title: z.string(), type: z.string(), role: z.string().optional() }),
  ),
  custom_fields: z.array(z.object({ name: z.string(), value: z.string() })),
  history: z.array(boardEventSchema),
  runs: z.array(cardRunSchema),
  moves: z.array(moveVerdictSchema),
});
export type TaskDetail = z.infer<typeof taskDetailSchema>;

/** The times a task stood in each status. */
export const taskSpansSchema = z.object({
  task_id: z.string(),
  spans: z.array(z.object({ status: z.string(), from: z.string(), to: z.string().optional() })),
});
export type TaskSpans = z.infer<typeof taskSpansSchema>;

/** Who holds what on a board, until when, and which agents have a session. */
export const boardLeasesSchema = z.object({
  resources: z.array(
    z.object({
      name: z.string(),
      description: z.string().optional(),
      /** How many can hold it at once. */
      places: z.int(),
      /** How long a lease lasts, in seconds. */
      ttl_seconds: z.number(),
      holders: z.array(z.object({ actor: actorViewSchema, until: z.string() })),
      mine: z.boolean(),
    }),
  ),
  sessions: z.array(
    z.object({ name: z.string(), model: z.string(), started_at: z.string(), last_active: z.string() }),
  ),
});
export type BoardLeases = z.infer<typeof boardLeasesSchema>;

export const boardEdgeSchema = z.object({ from: z.string(), to: z.string(), type: z.string() });
export type BoardEdge = z.infer<typeof boardEdgeSchema>;

/** Figures of a board; times are in milliseconds. */
export const boardStatsSchema = z.object({
  weeks: z.array(z.object({ start: z.string(), created: z.int(), done: z.int() })),
  cycle: z.object({ count: z.int(), median: z.number().optional(), p85: z.number().optional() }),
  in_status: z.array(
    z.object({
      status: z.string(),
      open: z.int(),
      median: z.number().optional(),
      longest: z.number().optional(),
    }),
  ),
  doers: z.array(z.object({ actor: actorViewSchema, done: z.int(), open: z.int(), events: z.int() })),
  /** What runs cost, as far as they called models. */
  cost: z.object({
    total: billSchema,
    /** Tasks with a bill. */
    tasks: z.int(),
    /** Dollars of the middle task. */
    median: z.number().optional(),
    /** The dearest tasks. */
    lines: z.array(
      z.object({
        task_id: z.string(),
        short_id: z.string(),
        title: z.string(),
        runs: z.int(),
        bill: billSchema,
      }),
    ),
  }),
  stale: z.array(
    z.object({ task_id: z.string(), short_id: z.string(), title: z.string(), since: z.string() }),
  ),
});
export type BoardStats = z.infer<typeof boardStatsSchema>;
