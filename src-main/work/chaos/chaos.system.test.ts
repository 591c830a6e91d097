import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isEnded, type WorkRecord } from '../../../src-shared/protocol/work.ts';
import { applyWorkEvent } from '../../../src-shared/protocol/work-reducer.ts';
import { startNatsServer, type TestServer } from '../../testing/nats-server.ts';
import { openTestAccess } from '../../testing/work-station.ts';

const FULL = process.env.LATTICE_CHAOS === 'full';
const WORKS = FULL ? 2_000 : 300;
const STATIONS = ['s1', 's2', 's3', 's4'];

interface Plan {
  signal: 'SIGKILL' | 'SIGSTOP';
  everyMs: number;
  /** How long a stopped process sleeps. */
  stopMs: number;
  ackWaitMs: number;
  hubKills: number;
}

const plans: readonly (readonly [string, Plan])[] = [
  [
    'kill -9',
    { signal: 'SIGKILL', everyMs: 1_000, stopMs: 0, ackWaitMs: FULL ? 5_000 : 2_000, hubKills: FULL ? 3 : 1 },
  ],
  [
    'a sleep longer than the lease',
    {
      signal: 'SIGSTOP',
      everyMs: FULL ? 20_000 : 2_000,
      stopMs: FULL ? 45_000 : 4_000,
      ackWaitMs: FULL ? 30_000 : 1_500,
      hubKills: 0,
    },
  ],
];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-chaos-'));
  const entry = (name: string) => join(import.meta.dirname, `${name}.ts`);
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir: folder,
      target: 'node20',
      rollupOptions: {
        input: { station: entry('chaos-station'), dispatcher: entry('chaos-dispatcher') },
        output: { format: 'es', entryFileNames: '[name].mjs' },
      },
    },
    ssr: { noExternal: true },
  });
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

/** The processes of one run: stations and a dispatcher that come back when they are killed, and a hub. */
class Parties implements AsyncDisposable {
  readonly #args: ReadonlyMap<string, readonly string[]>;
  readonly #children = new Map<string, ChildProcess>();
  readonly #woken = new Set<NodeJS.Timeout>();
  readonly done: Promise<void>;
  #finish: () => void = () => undefined;
  #stopped = false;

  constructor(args: ReadonlyMap<string, readonly string[]>) {
    this.#args = args;
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
    for (const name of args.keys()) this.#start(name);
  }

  get names(): string[] {
    return [...this.#children.keys()];
  }

  #start(name: string): void {
    const child = spawn(process.execPath, [...(this.#args.get(name) ?? [])], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#children.set(name, child);
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('done')) this.#finish();
    });
    child.on('exit', (code) => {
      this.#children.delete(name);
      if (!this.#stopped && code !== 0) this.#start(name);
    });
  }

  /** Kills a party, or puts it to sleep for a while. */
  hit(name: string, plan: Plan): void {
    const child = this.#children.get(name);
    child?.kill(plan.signal);
    if (plan.signal !== 'SIGSTOP') return;
    const timer = setTimeout(() => child?.kill('SIGCONT'), plan.stopMs);
    this.#woken.add(timer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#woken) clearTimeout(timer);
    await Promise.all(
      [...this.#children.values()].map(async (child) => {
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        await exited;
      }),
    );
  }
}

describe.each(plans)('%s of a random party', (_, plan) => {
  it(
    'loses nothing, ends everything once, and explains each attempt',
    async () => {
      const first = await startNatsServer();
      const effects = join(folder, `effects-${plan.signal}`);
      await mkdir(effects, { recursive: true });
      const parties = new Parties(
        new Map<string, readonly string[]>([
          ...STATIONS.map(
            (id) =>
              [id, [join(folder, 'station.mjs'), first.url, id, effects, String(plan.ackWaitMs)]] as const,
          ),
          ['dispatcher', [join(folder, 'dispatcher.mjs'), first.url, String(WORKS)]] as const,
        ]),
      );
      const hubs: TestServer[] = [first];
      let hub = first;
      let hits = 0;
      let hubKills = 0;
      const watcher = await openTestAccess(first.url, undefined, 'chaos');
      const board = await watcher.openBoard(true);
      const hasEnded = () => [...board.live.values()].filter((view) => view.ended_at).length === WORKS;
      try {
        while (!hasEnded()) {
          await new Promise((next) => setTimeout(next, plan.everyMs));
          if (hubKills < plan.hubKills && hits === (hubKills + 1) * 3) {
            hubKills++;
            const { port, storeDir } = hub;
            await hub.kill();
            hub = await startNatsServer({ port, storeDir });
            hubs.push(hub);
          }
          const { names } = parties;
          const name = names[Math.floor(Math.random() * names.length)];
          if (name) parties.hit(name, plan);
          hits++;
        }
        // The dispatcher that died and came back hears of every outcome, too.
        await parties.done;
        const counts = await verify(hub.url, effects);
        console.log(JSON.stringify({ plan: plan.signal, hits, hubKills, ...counts }));
        expect(counts).toMatchObject({ works: WORKS, completed: WORKS, unexplained: 0, doubled: 0, late: 0 });
      } finally {
        await parties[Symbol.asyncDispose]();
        await board[Symbol.asyncDispose]();
        await watcher[Symbol.asyncDispose]();
        for (const one of hubs.reverse()) await one[Symbol.asyncDispose]();
      }
    },
    FULL ? 900_000 : 60_000,
  );
});

interface Counts {
  works: number;
  completed: number;
  attempts: number;
  began: number;
  /** Attempts whose end the log does not tell. */
  unexplained: number;
  /** Works with two outcomes, or attempts that ran twice. */
  doubled: number;
  /** Lines of dead attempts that a watcher was shown after a later one spoke. */
  late: number;
}

async function verify(url: string, effects: string): Promise<Counts> {
  const access = await openTestAccess(url, undefined, 'chaos');
  try {
    const board = await access.openBoard(true);
    const ids = [...board.live.values()].map((view) => view.id);
    await board[Symbol.asyncDispose]();
    const counts: Counts = {
      works: 0,
      completed: 0,
      attempts: 0,
      began: 0,
      unexplained: 0,
      doubled: 0,
      late: 0,
    };
    for (const id of ids) await verifyWork(access, id, counts);
    for (const file of await readdir(effects)) {
      const lines = (await readFile(join(effects, file), 'utf8')).trim().split('\n');
      const began = lines.filter((line) => line.startsWith('begin')).map((line) => line.split(' ')[1]);
      counts.began += began.length;
      if (new Set(began).size !== began.length) counts.doubled++;
    }
    return counts;
  } finally {
    await access[Symbol.asyncDispose]();
  }
}

async function verifyWork(
  access: Awaited<ReturnType<typeof openTestAccess>>,
  id: string,
  counts: Counts,
): Promise<void> {
  const history = await access.history(id);
  let replayed: WorkRecord | undefined;
  for (const { event, record } of history) {
    const applied = applyWorkEvent(replayed, event);
    replayed = applied.ok ? applied.record : undefined;
    expect(replayed, `replay of ${id}`).toEqual(record);
  }
  if (!replayed) throw new Error(`No history of ${id}`);
  counts.works++;
  if (history.filter(({ record }) => isEnded(record.status)).length !== 1) counts.doubled++;
  if (replayed.status === 'completed' && replayed.result === String(replayed.attempt)) counts.completed++;
  counts.attempts += replayed.attempts.length;
  counts.unexplained += replayed.attempts.filter((attempt) => !attempt.end || !attempt.ended_at).length;
  if (replayed.attempts.length < 2) return;
  let last = 0;
  for await (const part of access.story(id)) {
    if (part.kind !== 'said') continue;
    if (part.line.attempt < last) counts.late++;
    last = part.line.attempt;
  }
}
