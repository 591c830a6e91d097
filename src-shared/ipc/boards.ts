import { z } from 'zod';
import { billSchema } from '../views/bill.ts';
import {
  boardEdgeSchema,
  boardEventSchema,
  boardFindingSchema,
  boardLeasesSchema,
  boardSettingsSchema,
  boardStatsSchema,
  boardViewSchema,
  cardSchema,
  foundTaskSchema,
  moveVerdictSchema,
  savedFilterSchema,
  taskDetailSchema,
  taskSpansSchema,
} from '../views/board.ts';

const nothing = z.void();
const board = z.string().max(64);
const onBoard = z.object({ board });
const onTask = z.object({ board, task: z.string().max(64) });
const onComment = onTask.extend({ comment: z.string().max(64) });
const body = z.string().min(1).max(1_000_000);
const path = z.string().min(1).max(4_000);
const word = z.string().min(1).max(64);
const actor = z.string().min(3).max(200);

/** What a change can be taken back by. */
const changed = z.object({
  /** Names the change for `board.undo`; absent when it cannot be taken back. */
  undo: z.string().optional(),
});

/** Fields of a task that can be set, as a person fills them in. */
const fields = z.object({
  title: z.string().min(1).max(10_000),
  description: z.string().max(1_000_000),
  type: word,
  priority: word,
  urgency: word.or(z.null()),
  complexity: word.or(z.null()),
  tags: z.array(word).max(100),
});

/** The calls of the Boards window. */
export const boardCalls = {
  /** Shows the board of a folder; the folder must hold one. */
  'boards.add': { input: z.object({ path }), output: z.object({ id: z.string() }) },
  /** Writes a new board into a folder and shows it. */
  'boards.create': {
    input: z.object({ path, name: z.string().max(200), code: z.string().regex(/^[A-Z]{1,5}$/) }),
    output: z.object({ id: z.string() }),
  },
  /** Takes a board out of the list; its files stay. */
  'boards.remove': { input: onBoard, output: nothing },
  'boards.filters': {
    input: onBoard.extend({ filters: z.array(savedFilterSchema).max(50) }),
    output: nothing,
  },
  /** Tasks of all boards by short id and title. */
  'boards.find': { input: z.object({ text: z.string().max(500) }), output: z.array(foundTaskSchema) },
  'board.create': {
    input: onBoard.extend({
      title: fields.shape.title,
      status: word.optional(),
      assignee: actor.optional(),
      ...fields.omit({ title: true, urgency: true, complexity: true }).partial().shape,
    }),
    output: z.object({ id: z.string(), short_id: z.string() }),
  },
  'board.update': { input: onTask.extend({ fields: fields.partial() }), output: changed },
  'board.move': {
    input: onTask.extend({
      to: word,
      force: z.boolean().optional(),
      reason: z.string().max(2_000).optional(),
    }),
    output: changed,
  },
  'board.assign': { input: onTask.extend({ to: actor.or(z.null()) }), output: changed },
  'board.comment': {
    input: onTask.extend({ body, parent: z.string().max(64).optional(), role: word.optional() }),
    output: nothing,
  },
  'board.editComment': { input: onComment.extend({ body }), output: nothing },
  'board.deleteComment': { input: onComment, output: nothing },
  'board.react': {
    input: onComment.extend({ emoji: z.string().regex(/^[A-Za-z0-9_-]{1,50}$/), on: z.boolean() }),
    output: nothing,
  },
  'board.link': {
    input: onTask.extend({ type: word, target: z.string().max(64), note: z.string().max(2_000).optional() }),
    output: nothing,
  },
  'board.unlink': { input: onTask.extend({ type: word, target: z.string().max(64) }), output: nothing },
  /** Saves plan or notes; refused when the file changed since `digest` was read. */
  'board.saveText': {
    input: onTask.extend({
      kind: z.enum(['plan', 'notes']),
      text: z.string().max(2_000_000),
      digest: z.string(),
    }),
    output: nothing,
  },
  /** Attaches an address of the web. */
  'board.attachUrl': {
    input: onTask.extend({ url: z.url({ protocol: /^https?$/ }).max(4_000) }),
    output: nothing,
  },
  'board.archive': { input: onTask.extend({ archived: z.boolean() }), output: changed },
  /** Takes the next task that fits for the person at this machine. */
  'board.claim': { input: onBoard, output: z.object({ task: z.string().optional() }) },
  /** Gives a task to an agent as durable work. */
  'board.run': {
    input: onTask.extend({ agent: z.string().min(1).max(200), station: z.string().max(64).optional() }),
    output: z.object({ work_id: z.string() }),
  },
  'board.undo': { input: onBoard.extend({ undo: z.string().max(64) }), output: nothing },
  /** What the rules say to each move of a task, before it is made. */
  'board.verdicts': { input: onTask, output: z.array(moveVerdictSchema) },
  /** Ids of tasks that hold the words anywhere: fields, description, plan, notes, comments. */
  'board.search': { input: onBoard.extend({ text: z.string().max(500) }), output: z.array(z.string()) },
  'board.stats': { input: onBoard, output: boardStatsSchema },
  'board.timeline': { input: onBoard, output: z.array(taskSpansSchema) },
  'board.graph': { input: onBoard, output: z.array(boardEdgeSchema) },
  'board.leases': { input: onBoard, output: boardLeasesSchema },
  /** Takes a resource for a while as the person, or gives it back. */
  'board.lease': {
    input: onBoard.extend({ resource: z.string().min(1).max(200), take: z.boolean() }),
    output: nothing,
  },
  'board.settings': {
    input: onBoard.extend({ settings: boardSettingsSchema, digest: z.string() }),
    output: nothing,
  },
  /** Looks for damage; with `fix` repairs what is safe. */
  'board.doctor': { input: onBoard.extend({ fix: z.boolean() }), output: z.array(boardFindingSchema) },
} as const;

/** The streams of the Boards window. */
export const boardStreams = {
  'boards.watch': { params: nothing, item: boardViewSchema, key: (item: { id: string }) => item.id },
  /** The cards of a board, archived ones too. */
  'board.watch': { params: onBoard, item: cardSchema, key: (item: { id: string }) => item.id },
  /** One task in full; one item that is replaced as it changes. */
  'board.task': { params: onTask, item: taskDetailSchema, key: () => 'task' },
  /** What a work cost until now; nothing until it called a model. */
  'board.bill': { params: z.object({ work: z.string().max(64) }), item: billSchema, key: () => 'bill' },
  /** What happened on a board, the newest 500. */
  'board.activity': { params: onBoard, item: boardEventSchema, key: (item: { id: string }) => item.id },
} as const;
