import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  expectNoLeak,
  findSecretsIn,
  findSecretsInText,
  makeSecret,
} from '../src-main/testing/find-secrets.ts';
import {
  type ModelProvider,
  type ProviderRequest,
  type ScriptedReply,
  startModelProvider,
} from '../src-main/testing/model-provider.ts';
import { Disposables } from '../src-shared/disposables.ts';
import type { UsageEntry } from '../src-shared/routing/usage.ts';

const run = promisify(execFile);

/** What no program and nobody who listens may find. */
export const SECRETS = {
  ALPHA_KEY: makeSecret('sk-alpha-'),
  BETA_KEY: makeSecret('sk-beta-'),
  LATTICE_TOKEN: makeSecret('hub-secret-'),
} as const;

/** Per million tokens. */
const PRICES = {
  'alpha/big': { input: 1_000, output: 2_000 },
  'beta/small': { input: 100, output: 200 },
} as const;

/** The models of the agent's pattern in their order. */
export const PATTERN = ['alpha/big', 'beta/small', 'beta/small'] as const;

export interface CodingProjectOptions {
  /** The coding agent that `run.acp` names. */
  runtime: string;
  /** What the providers speak. */
  format: string;
}

/**
 * A project with the agent `coder` that follows the pattern, and two providers on loopback that answer it. Disposing it
 * looks that the agent and we left no secret in its home, and sent none to a model.
 */
export interface CodingProject extends AsyncDisposable {
  /** A home for everything that is written beside the project. */
  folder: string;
  dir: string;
  /** The oldest first for each provider. */
  requests(): ProviderRequest[];
  /** Answers the calls of the work with these from now on, the last one for all that follow. */
  answer(replies: readonly ScriptedReply[]): void;
}

/** Starts the providers and writes the project. */
export async function openCodingProject(options: CodingProjectOptions): Promise<CodingProject> {
  const end = new Disposables();
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'coding-agent-')));
  end.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
  const alpha = end.use(await startModelProvider());
  const beta = end.use(await startModelProvider());
  const dir = join(folder, 'project');
  await mkdir(join(dir, 'agents'), { recursive: true });
  await writeFile(join(dir, 'notes.txt'), 'one\n');
  await writeFile(join(dir, 'agents/coder.md'), 'You are the coder of this test.');
  const providers = [
    { name: 'alpha', model: 'big', url: alpha.openaiUrl },
    { name: 'beta', model: 'small', url: beta.openaiUrl },
  ].map(({ name, model, url }) => [
    name,
    {
      env: `${name.toUpperCase()}_KEY`,
      base_url: url,
      format: options.format,
      models: [model],
      prices: { [model]: PRICES[`${name}/${model}` as keyof typeof PRICES] },
    },
  ]);
  const coder = {
    path: 'coder.md',
    triggers: ['/code'],
    run: { acp: options.runtime, permissions: { default: 'ask' } },
    routing: { strategy: 'pattern', pattern: PATTERN, sticky: false },
  };
  // YAML reads JSON as it is.
  const yaml = JSON.stringify({
    name: 'coding-test',
    version: '1.0.0',
    providers: Object.fromEntries(providers),
    agents: { coder },
  });
  await writeFile(join(dir, 'lattice.yaml'), yaml);
  await run('git', ['init', '--quiet'], { cwd: dir });
  return {
    folder,
    dir,
    requests: () => [...alpha.requests, ...beta.requests],
    answer(replies) {
      let works = 0;
      const script: ModelProvider['script'] = (request) =>
        isWork(request) ? (replies[Math.min(works++, replies.length - 1)] ?? {}) : { text: 'A title' };
      alpha.script = script;
      beta.script = script;
    },
    async [Symbol.asyncDispose]() {
      const asked = [...alpha.requests, ...beta.requests].map(({ raw }) => raw).join('\n');
      const leaks = [...findSecretsIn(folder), ...findSecretsInText('what the models were asked', asked)];
      await end[Symbol.asyncDispose]();
      expectNoLeak(leaks);
    },
  };
}

/** Whether a call is the work itself; runtimes ask for titles beside it, without tools. */
export function isWork({ body }: ProviderRequest): boolean {
  return Array.isArray(body.tools) && body.tools.length > 0;
}

/** What a call costs by the prices of lattice.yaml, in dollars. */
export function costOf({ model, input_tokens: sent = 0, output_tokens: got = 0 }: UsageEntry): number {
  const price = PRICES[model as keyof typeof PRICES];
  return (sent * price.input + got * price.output) / 1_000_000;
}
