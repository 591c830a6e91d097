import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Disposables } from '../../../src-shared/disposables.ts';
import type { ModelCall } from '../../../src-shared/protocol/activity.ts';
import { routingDocument } from '../../../src-shared/routing/document.ts';
import type { PriceTable } from '../../../src-shared/routing/price-table.ts';
import { dayOf, type UsageEntry } from '../../../src-shared/routing/usage.ts';
import { ModelRouter } from '../../routing/model-router.ts';
import { StateStore } from '../../routing/state-store.ts';
import { UsageLog } from '../../routing/usage-log.ts';
import { expectNoLeak, findSecretsIn, findSecretsInText, makeSecret } from '../../testing/find-secrets.ts';
import { type ModelProvider, startModelProvider } from '../../testing/model-provider.ts';
import type { GatewayOptions, GatewayTimeouts, RateLimited } from '../gateway-options.ts';
import { LoopbackGateway } from '../loopback-gateway.ts';
import type { GatewayGrant } from '../model-gateway.ts';

/** Keys that must be seen by the provider and by nobody else. */
export const PROVIDER_KEYS: Readonly<Record<string, string>> = {
  ALPHA_KEY: makeSecret('sk-alpha-'),
  BETA_KEY: makeSecret('sk-beta-'),
};

/** One dollar per thousand tokens: sums that a person can check. */
const prices: PriceTable = {
  price: (_model, tokens) => (tokens.input_tokens + tokens.output_tokens) / 1_000,
};

/** A gateway with two providers behind it, `alpha` and `beta`, and what was seen of its calls. */
export interface GatewaySetup extends AsyncDisposable {
  gateway: LoopbackGateway;
  alpha: ModelProvider;
  beta: ModelProvider;
  calls: ModelCall[];
  rateLimits: RateLimited[];
  exceeded: string[];
  problems: Error[];
  /** What the usage log counted today. */
  bill(): UsageEntry[];
  /** A run of an agent, `coder` where none is named. Disposing the setup looks that no key was told or written. */
  grant(agent?: string, run?: { workId?: string; signal?: AbortSignal }): Promise<GatewayGrant>;
}

export interface SetupOptions {
  /** The `agents:` section. */
  agents: Record<string, unknown>;
  /** Laid over the sections of the providers. */
  providers?: Record<string, Record<string, unknown>>;
  alphaFormat?: string | string[];
  betaFormat?: string | string[];
  timeouts?: Partial<GatewayTimeouts>;
  options?: Partial<GatewayOptions>;
}

/** Starts a gateway for a test. */
export async function setUpGateway(setup: SetupOptions): Promise<GatewaySetup> {
  const owned = new Disposables();
  const folder = await mkdtemp(join(tmpdir(), 'lattice-gateway-'));
  const calls: ModelCall[] = [];
  const rateLimits: RateLimited[] = [];
  const exceeded: string[] = [];
  const problems: Error[] = [];
  owned.defer(async () => {
    const told = inspect({ calls, rateLimits, exceeded, problems }, { depth: null, maxStringLength: null });
    const keys = Object.values(PROVIDER_KEYS);
    const leaks = [...findSecretsIn(folder, keys), ...findSecretsInText('what the gateway told', told, keys)];
    await rm(folder, { recursive: true });
    expectNoLeak(leaks);
  });
  const alpha = owned.use(await startModelProvider(() => ({ text: 'from alpha' })));
  const beta = owned.use(await startModelProvider(() => ({ text: 'from beta' })));
  const sections: Record<string, Record<string, unknown>> = {
    alpha: { env: 'ALPHA_KEY', base_url: alpha.openaiUrl, format: setup.alphaFormat ?? 'chat' },
    beta: { env: 'BETA_KEY', base_url: beta.openaiUrl, format: setup.betaFormat ?? 'chat' },
  };
  for (const [name, section] of Object.entries(setup.providers ?? {}))
    sections[name] = { ...sections[name], ...section };
  const routing = routingDocument({
    providers: sections,
    agents: setup.agents as Parameters<typeof routingDocument>[0]['agents'],
  });
  const onProblem = (problem: Error) => void problems.push(problem);
  const usage = new UsageLog({ dir: join(folder, 'usage'), onProblem });
  const router = new ModelRouter({
    document: () => routing,
    store: new StateStore({ file: join(folder, 'state.json'), onProblem }),
    usage,
    prices,
    hasKey: (name) => Object.hasOwn(PROVIDER_KEYS, name),
  });
  const gateway = owned.use(
    new LoopbackGateway({
      config: () => ({ routing, document: { providers: sections } }),
      router,
      providerKey: (name) => PROVIDER_KEYS[name],
      onRateLimit: (limited) => rateLimits.push(limited),
      onBudgetExceeded: ({ text }) => exceeded.push(text),
      onProblem,
      ...(setup.timeouts === undefined ? {} : { timeouts: setup.timeouts }),
      ...setup.options,
    }),
  );
  return {
    gateway,
    alpha,
    beta,
    calls,
    rateLimits,
    exceeded,
    problems,
    bill: () => usage.entries(dayOf(Date.now())),
    grant: (agent = 'coder', run = {}) =>
      gateway.grant({
        agent,
        workId: run.workId ?? 'work-1',
        attempt: 1,
        signal: run.signal ?? new AbortController().signal,
        onCall: (call) => calls.push(call),
      }),
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

/** Asks the gateway as a runtime does and gives the whole text of the answer. */
export async function ask(
  grant: { key: string; openaiUrl: string },
  body: object,
  options: { path?: string; signal?: AbortSignal; headers?: Record<string, string> } = {},
): Promise<{ status: number; headers: Headers; text: string }> {
  const response = await fetch(`${grant.openaiUrl}${options.path ?? '/chat/completions'}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${grant.key}`, 'content-type': 'application/json', ...options.headers },
    body: JSON.stringify(body),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** A question in chat completions, streamed. */
export function chat(words = 'hi', more: object = {}): object {
  return { model: 'lattice/coder', stream: true, messages: [{ role: 'user', content: words }], ...more };
}
