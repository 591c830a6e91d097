import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { LoopbackGateway } from '../src-main/gateway/loopback-gateway.ts';
import { ModelRouter } from '../src-main/routing/model-router.ts';
import { StateStore } from '../src-main/routing/state-store.ts';
import { UsageLog } from '../src-main/routing/usage-log.ts';
import { startModelProvider } from '../src-main/testing/model-provider.ts';
import { routingDocument } from '../src-shared/routing/document.ts';
import { type BenchResult, percentile } from './result.ts';

const AT_ONCE = 50;
const PIECES = 25;
const PIECE_MS = 40;
/** What a runtime does between two calls, in ms. */
const THINK_MS = 100;
/** Direct and through the gateway take turns, so that both see the same machine. */
const ROUNDS = 4;
const CALLS_PER_LANE = 2;
const HELD = 400;

interface Target {
  url: string;
  /** One for each caller. */
  keys: string[];
  model: string;
}
interface Timing {
  first: number;
  whole: number;
}
type Role = { role: 'provider' } | { role: 'gateway'; provider: string; folder: string };

/** A provider, a gateway before it and a caller, each on a thread of its own, as they are processes of their own in life. */
export async function bench(): Promise<BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lattice-bench-'));
  const provider = await startThread({ role: 'provider' });
  const gateway = await startThread({ role: 'gateway', provider: provider.target.url, folder });
  try {
    await round(provider.target);
    await round(gateway.target);
    const direct: Timing[] = [];
    const through: Timing[] = [];
    for (let turn = 0; turn < ROUNDS; turn++) {
      direct.push(...(await round(provider.target)));
      through.push(...(await round(gateway.target)));
    }
    const memory = await memoryPerCall(gateway);
    return [
      added('whole streamed call', direct, through, (timing) => timing.whole),
      added('first token', direct, through, (timing) => timing.first),
      { name: `gateway: memory per call under way, ${HELD} at once`, unit: 'KiB', value: memory },
    ];
  } finally {
    await gateway.worker.terminate();
    await provider.worker.terminate();
    await rm(folder, { recursive: true });
  }
}

function added(
  what: string,
  direct: readonly Timing[],
  through: readonly Timing[],
  of: (timing: Timing) => number,
): BenchResult {
  const p50 = (timings: readonly Timing[]) => percentile(timings.map(of), 0.5);
  return {
    name: `gateway: added to a ${what}, p50, ${AT_ONCE} at once`,
    unit: 'ms',
    value: Number((p50(through) - p50(direct)).toFixed(2)),
    baseline: { name: 'the same calls at the provider directly', value: Number(p50(direct).toFixed(2)) },
    bar: '< 1 ms added',
  };
}

async function round(target: Target): Promise<Timing[]> {
  const agent = new Agent({ keepAlive: true });
  const timings: Timing[] = [];
  const lane = async (number: number) => {
    // Calls of people do not begin in the same millisecond.
    await new Promise((resolve) => setTimeout(resolve, (number * PIECES * PIECE_MS) / AT_ONCE));
    for (let call = 0; call < CALLS_PER_LANE; call++) {
      timings.push(await timedCall(target, number, agent));
      await new Promise((resolve) => setTimeout(resolve, THINK_MS));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, (_, number) => lane(number)));
  agent.destroy();
  return timings;
}

async function timedCall(target: Target, lane: number, agent: Agent): Promise<Timing> {
  const started = performance.now();
  const response = await ask(target, lane, agent, 'paced');
  let first = 0;
  for await (const chunk of response as AsyncIterable<Buffer>)
    if (first === 0 && chunk.includes('"content":"w')) first = performance.now() - started;
  return { first, whole: performance.now() - started };
}

async function ask(
  { url, keys, model }: Target,
  lane: number,
  agent: Agent,
  words: string,
): Promise<IncomingMessage> {
  const request = httpRequest(`${url}/chat/completions`, {
    method: 'POST',
    agent,
    headers: { authorization: `Bearer ${keys[lane % keys.length]}`, 'content-type': 'application/json' },
  });
  const messages = [
    { role: 'system', content: 'You are a coding agent. '.repeat(200) },
    { role: 'user', content: words },
  ];
  request.end(JSON.stringify({ model, stream: true, stream_options: { include_usage: true }, messages }));
  const [response] = await once(request, 'response');
  return response;
}

async function memoryPerCall({ worker, target }: { worker: Worker; target: Target }): Promise<number> {
  const agent = new Agent();
  const before = await memoryOf(worker);
  const open = await Promise.all(Array.from({ length: HELD }, (_, call) => ask(target, call, agent, 'held')));
  const during = await memoryOf(worker);
  for (const response of open) response.destroy();
  agent.destroy();
  return Number(((during - before) / HELD / 1_024).toFixed(1));
}

async function memoryOf(worker: Worker): Promise<number> {
  const answered = once(worker, 'message');
  worker.postMessage('memory');
  const [bytes] = await answered;
  return Number(bytes);
}

async function startThread(role: Role): Promise<{ worker: Worker; target: Target }> {
  const worker = new Worker(new URL(import.meta.url), { workerData: role });
  const [target] = await once(worker, 'message');
  return { worker, target };
}

async function runProvider(): Promise<void> {
  const text = Array.from({ length: PIECES }, (_, piece) => `w${piece} `);
  const provider = await startModelProvider(({ raw }) =>
    raw.includes('"held"')
      ? { text, gate: (piece) => (piece === 0 ? Promise.resolve() : new Promise(() => undefined)) }
      : { text, pieceMs: PIECE_MS },
  );
  parentPort?.postMessage({ url: provider.openaiUrl, keys: ['none'], model: 'tiny' });
}

async function runGateway(provider: string, folder: string): Promise<void> {
  const onProblem = (problem: Error) => {
    throw problem;
  };
  const providers = { here: { base_url: provider, format: 'chat' } };
  const routing = routingDocument({ providers, agents: { coder: { routing: ['here/tiny'] } } });
  const router = new ModelRouter({
    document: () => routing,
    store: new StateStore({ file: join(folder, 'state.json'), onProblem, waitForDisk: false }),
    usage: new UsageLog({ dir: join(folder, 'usage'), onProblem }),
    prices: { price: () => 0.001 },
    hasKey: () => true,
  });
  const gateway = new LoopbackGateway({
    config: () => ({ routing, document: { providers } }),
    router,
    providerKey: () => undefined,
    onProblem,
  });
  const { signal } = new AbortController();
  const grants = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, work) =>
      gateway.grant({ agent: 'coder', workId: `work-${work}`, attempt: 1, signal, onCall: () => undefined }),
    ),
  );
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  parentPort?.on('message', () => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    parentPort?.postMessage(heapUsed + external);
  });
  const url = grants[0]?.openaiUrl ?? '';
  parentPort?.postMessage({ url, keys: grants.map((grant) => grant.key), model: 'lattice/coder' });
}

if (!isMainThread) {
  const role: Role | undefined = workerData;
  if (role?.role === 'provider') await runProvider();
  else if (role?.role === 'gateway') await runGateway(role.provider, role.folder);
}
