import { z } from 'zod';
import type { errorShapeSchema } from './errors.ts';
import { agentCalls } from './ipc/agents.ts';
import { approvalCalls, approvalStreams } from './ipc/approvals.ts';
import { boardCalls, boardStreams } from './ipc/boards.ts';
import { deviceCalls, deviceStreams } from './ipc/devices.ts';
import { externalCalls } from './ipc/external.ts';
import { guestCalls } from './ipc/guests.ts';
import { routingCalls, routingStreams } from './ipc/routing.ts';
import { secretCalls } from './ipc/secrets.ts';
import { usageStreams } from './ipc/usage.ts';
import { natsAuthSchema, natsTlsSchema } from './protocol/auth.ts';
import { contextSchema } from './protocol/invoke.ts';
import { hubLogLineSchema, hubMetricsSchema } from './views/hub.ts';
import { agentViewSchema, meshEventSchema, routeCandidateSchema, stationViewSchema } from './views/mesh.ts';
import { nodeViewSchema } from './views/node.ts';
import { runLineSchema, runViewSchema } from './views/run.ts';
import { originSchema, settingsSchema } from './views/settings.ts';
import { workLineSchema, workViewSchema } from './views/work.ts';
import { logEntrySchema, workDetailSchema, workDraftSchema, workEditsSchema } from './views/work-detail.ts';

const nothing = z.void();
const port = z.int().min(0).max(65_535);

/** Every call between window and main: input and output by dotted name. */
export const calls = {
  'app.info': {
    input: nothing,
    output: z.object({
      version: z.string(),
      electron: z.string(),
      node: z.string(),
      platform: z.string(),
      config_file: z.string(),
      data_dir: z.string(),
      log_file: z.string(),
      started_at: z.iso.datetime(),
    }),
  },
  'app.openExternal': { input: z.object({ url: z.string().max(2_000) }), output: nothing },
  'app.reveal': {
    input: z.object({ target: z.enum(['project', 'config', 'data', 'hub_log', 'agents']) }),
    output: nothing,
  },
  'app.copy': { input: z.object({ text: z.string().max(10_000_000) }), output: nothing },
  'app.paste': { input: nothing, output: z.string() },
  'app.chooseFolder': { input: nothing, output: z.object({ path: z.string().optional() }) },
  /** Asks the person for a file and copies it onto a task; the page learns its name and never its path. */
  'app.attachFile': {
    input: z.object({ board: z.string().max(64), task: z.string().max(64) }),
    output: z.object({ name: z.string().optional() }),
  },
  /** Quits for good after the window asked; `force` stops running calls. */
  'app.quit': { input: z.object({ force: z.boolean() }), output: nothing },
  'app.hide': { input: nothing, output: nothing },
  'app.checks': {
    input: nothing,
    output: z.array(
      z.object({ id: z.string(), ok: z.boolean(), label: z.string(), hint: z.string().optional() }),
    ),
  },
  'node.host': { input: z.object({ port: port.optional(), http_port: port.optional() }), output: nothing },
  'node.join': {
    input: z.object({
      url: z.string().max(10_000),
      auth: natsAuthSchema.optional(),
      tls: natsTlsSchema.optional(),
    }),
    output: nothing,
  },
  'node.standalone': { input: nothing, output: nothing },
  'node.leave': { input: nothing, output: nothing },
  'node.reconnect': { input: nothing, output: nothing },
  'hub.start': { input: nothing, output: nothing },
  'hub.stop': { input: nothing, output: nothing },
  'hub.restart': { input: nothing, output: nothing },
  /** Binds beyond loopback with TLS and keys, or goes back to loopback; the addresses hold no secret. */
  'hub.share': {
    input: z.object({ shared: z.boolean() }),
    output: z.object({ addresses: z.array(z.string()) }),
  },
  /** Puts an address with its secret into the clipboard; the secret never enters the window. */
  'hub.copyJoin': { input: z.object({ address: z.string().max(300) }), output: nothing },
  ...deviceCalls,
  ...approvalCalls,
  ...externalCalls,
  ...guestCalls,
  ...secretCalls,
  /** Writes the demo agents into the project folder; files that are there stay. */
  'project.init': { input: nothing, output: z.object({ folder: z.string(), written: z.array(z.string()) }) },
  'agents.route': {
    input: z.object({ agent: z.string().max(200), station: z.string().max(64).optional() }),
    output: z.array(routeCandidateSchema),
  },
  ...agentCalls,
  'runs.start': {
    input: z.object({
      agent: z.string().min(1).max(200),
      station: z.string().max(64).optional(),
      task: z.string().min(1).max(1_000_000),
      context: contextSchema,
      timeout_ms: z.int().min(1_000).max(86_400_000).optional(),
      wait: z.boolean(),
    }),
    output: z.object({ id: z.string() }),
  },
  'runs.cancel': { input: z.object({ id: z.string() }), output: nothing },
  /** Gives durable work; the same dedupe key gives the same work again. */
  'work.assign': { input: workDraftSchema, output: z.object({ id: z.string(), created: z.boolean() }) },
  'work.cancel': { input: z.object({ id: z.string(), reason: z.string().max(500) }), output: nothing },
  'work.answer': {
    input: z.object({ id: z.string(), answer: z.string().max(100_000), question_id: z.string().optional() }),
    output: nothing,
  },
  'work.acknowledge': { input: z.object({ id: z.string() }), output: nothing },
  /** More attempts for a stopped work, or the same order as new work when it has ended. */
  'work.retry': { input: z.object({ id: z.string() }), output: z.object({ id: z.string() }) },
  'work.rerun': {
    input: z.object({ id: z.string(), edits: workEditsSchema }),
    output: z.object({ id: z.string() }),
  },
  /** The whole result, also a large one. */
  'work.result': { input: z.object({ id: z.string() }), output: z.object({ result: z.string().optional() }) },
  ...routingCalls,
  ...boardCalls,
  'settings.get': {
    input: nothing,
    output: z.object({ values: settingsSchema, origins: z.record(z.string(), originSchema) }),
  },
  'settings.set': { input: settingsSchema.partial(), output: settingsSchema },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;

/** Every stream from main to window: parameters, item, and the key that a delta names it by. */
export const streams = {
  'node.watch': { params: nothing, item: nodeViewSchema, key: () => 'node' },
  'stations.watch': { params: nothing, item: stationViewSchema, key: (item: { id: string }) => item.id },
  'agents.watch': {
    params: nothing,
    item: agentViewSchema,
    key: (item: { station_id: string; name: string }) => `${item.station_id}/${item.name}`,
  },
  'events.watch': {
    params: nothing,
    item: meshEventSchema,
    key: (item: { seq: number }) => String(item.seq),
  },
  'runs.watch': { params: nothing, item: runViewSchema, key: (item: { id: string }) => item.id },
  'runs.output': {
    params: z.object({ id: z.string() }),
    item: runLineSchema,
    key: (item: { seq: number }) => String(item.seq),
  },
  'works.watch': { params: nothing, item: workViewSchema, key: (item: { id: string }) => item.id },
  /** Record, waterfall and steps of one work with its sub-works; one item that is replaced as it changes. */
  'work.watch': { params: z.object({ id: z.string() }), item: workDetailSchema, key: () => 'work' },
  /** What a work said, from its first byte. */
  'work.output': {
    params: z.object({ id: z.string() }),
    item: workLineSchema,
    key: (item: { seq: number }) => String(item.seq),
  },
  /** The audit log from a time on, the newest 5,000; live. */
  'log.watch': {
    params: z.object({ since: z.iso.datetime().optional() }),
    item: logEntrySchema,
    key: (item: { seq: number }) => String(item.seq),
  },
  ...approvalStreams,
  ...routingStreams,
  ...boardStreams,
  'hub.metrics': { params: nothing, item: hubMetricsSchema, key: () => 'hub' },
  'hub.log': { params: nothing, item: hubLogLineSchema, key: (item: { seq: number }) => String(item.seq) },
  ...usageStreams,
  ...deviceStreams,
  /** Commands that the menu, the tray, a deep link or a second start ask the window to run, by command id. */
  'commands.watch': {
    params: nothing,
    item: z.object({ seq: z.int(), command: z.string(), argument: z.string().optional() }),
    key: (item: { seq: number }) => String(item.seq),
  },
} as const satisfies Record<string, { params: z.ZodType; item: z.ZodType; key: (item: never) => string }>;

export type CallName = keyof typeof calls;
export type CallInput<N extends CallName> = z.input<(typeof calls)[N]['input']>;
export type CallOutput<N extends CallName> = z.output<(typeof calls)[N]['output']>;
export type StreamName = keyof typeof streams;
export type StreamParams<N extends StreamName> = z.input<(typeof streams)[N]['params']>;
export type StreamItem<N extends StreamName> = z.output<(typeof streams)[N]['item']>;

/** The answer to a call. */
export type CallAnswer<T> = { ok: T } | { error: z.infer<typeof errorShapeSchema> };

/** What a stream sends: one snapshot, then ordered deltas; a gap in `seq` means the window subscribes again. */
export type StreamMessage<T> =
  | { kind: 'snapshot'; seq: number; items: T[] }
  | { kind: 'delta'; seq: number; upserts: T[]; removes: string[] }
  | { kind: 'error'; error: z.infer<typeof errorShapeSchema> };

/** What main sends on the stream channel: the messages of one frame, each with the id of its subscription. */
export type StreamFrame = [subscription: number, message: StreamMessage<unknown>][];

/** What the preload puts on `window.lattice`. */
export interface LatticeBridge {
  call(name: CallName, input: unknown): Promise<CallAnswer<unknown>>;
  /** Returns the function that ends the subscription. */
  subscribe(
    name: StreamName,
    params: unknown,
    listener: (message: StreamMessage<unknown>) => void,
  ): () => void;
}
