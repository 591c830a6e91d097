import { rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { LatticeConfig } from '../../src-main/config/lattice-config.ts';
import { resolvePaths } from '../../src-main/config/paths.ts';
import { findProjectDir } from '../../src-main/config/project.ts';
import { LoopbackGateway } from '../../src-main/gateway/loopback-gateway.ts';
import type { GatewayAccess } from '../../src-main/gateway/model-gateway.ts';
import { virtualModel } from '../../src-main/gateway/virtual-models.ts';
import { type OpenRouting, openRouting } from '../../src-main/routing/open-routing.ts';
import { Disposables } from '../../src-shared/disposables.ts';
import { duration } from '../../src-shared/duration.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { formatDiagnostic } from '../../src-shared/lattice-yaml/diagnostic.ts';
import type { ModelCall } from '../../src-shared/protocol/activity.ts';
import { dollars } from '../../src-shared/routing/money.ts';
import type { GlobalOptions } from '../globals.ts';
import { createOutput, type Output, paint } from '../output.ts';
import { safeText } from '../safe-text.ts';
import { stopOnSignals } from '../stop-on-signals.ts';
import { withoutCoreDumps } from '../without-core-dumps.ts';

interface Options extends GlobalOptions {
  port?: number;
  keyFile?: string;
}

export function addGatewayCommand(program: Command): void {
  program
    .command('gateway')
    .description('answer model calls of any tool on this machine by the routing of lattice.yaml')
    .option('--port <port>', 'a fixed port on loopback (any free one without it)', portOption)
    .option('--key-file <file>', 'write the key to a file that only you can read instead of printing it')
    .addHelpText(
      'after',
      `
The models are lattice/<agent>. Each call goes where the routing of that agent says.

Examples:
  lattice gateway --port 4141
  lattice gateway --key-file ~/.config/lattice/gateway.key
  lattice gateway --json`,
    )
    .action(async (_options: unknown, command: Command) => gateway(command.optsWithGlobals<Options>()));
}

async function gateway(options: Options): Promise<void> {
  const output = createOutput(options.json === true);
  withoutCoreDumps(output);
  const stop = stopOnSignals(output);
  const owned = new Disposables();
  try {
    const { access, models } = await start(options, output, owned);
    const keyFile =
      options.keyFile === undefined ? undefined : await writeKey(options.keyFile, access.key, owned);
    const key = keyFile === undefined ? { key: access.key } : { key_file: keyFile };
    output.result(
      {
        event: 'ready',
        openai_url: access.openaiUrl,
        anthropic_url: access.anthropicUrl,
        models,
        ...key,
      },
      () =>
        [
          `${paint('green', '●')} ${paint('bold', 'Gateway')} for ${models.join(', ')}`,
          `  OpenAI     ${access.openaiUrl}`,
          `  Anthropic  ${access.anthropicUrl}`,
          `  Key        ${keyFile === undefined ? access.key : `in ${keyFile}`}`,
          paint('dim', '  Ctrl C stops it.'),
        ].join('\n'),
    );
    await stop.asked;
  } finally {
    stop.begin();
    await owned[Symbol.asyncDispose]();
    stop.end();
  }
  output.line('Stopped.');
}

async function start(
  options: Options,
  output: Output,
  owned: Disposables,
): Promise<{ access: GatewayAccess; models: string[] }> {
  const paths = resolvePaths();
  const projectDir = findProjectDir(process.cwd());
  const config = owned.use(await LatticeConfig.open({ projectDir, configDir: paths.configDir }));
  const onProblem = (problem: Error) =>
    process.stderr.write(`${paint('yellow', 'warning')} ${problem.message}\n`);
  const routing = await openRouting({ paths, env: process.env, folder: projectDir, config, onProblem });
  const models = modelsOf(routing);
  for (const text of [...routing.diagnostics.map(formatDiagnostic), ...routing.router.blindBudgets()])
    onProblem(new Error(text));
  const gateway = owned.use(
    new LoopbackGateway({
      config: () => config.current.value,
      router: routing.router,
      providerKey: (name) => process.env[name] || undefined,
      ...(options.port === undefined ? {} : { port: options.port }),
      onBudgetExceeded: ({ text }) => output.line(`${paint('yellow', 'budget')}  ${text}`),
      onProblem,
    }),
  );
  const access = owned.use(await gateway.open((call, agent) => tell(output, call, agent)));
  return { access, models };
}

function modelsOf({ document, projectDir }: OpenRouting): string[] {
  if (document.agents.length > 0) return document.agents.map((agent) => virtualModel(agent.name));
  throw new LatticeError('not_found', `No agent in ${projectDir} has routing.`, {
    hint: 'Write agents: with routing: into lattice.yaml, or change into the folder of a project.',
  });
}

/** The file goes with the gateway, as its key is worth nothing afterwards. */
async function writeKey(file: string, key: string, owned: Disposables): Promise<string> {
  const path = resolve(file);
  try {
    await writeFile(path, `${key}\n`, { mode: 0o600, flag: 'wx' });
    owned.defer(() => rm(path, { force: true }));
    return path;
  } catch (cause) {
    const there = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw new LatticeError('io_failed', `The key cannot be written to ${path}.`, {
      hint: there
        ? 'The file is there already. Remove it, or name another one.'
        : 'Look at the folder and its rights.',
      cause,
    });
  }
}

/** One line for each call that ended. */
function tell(output: Output, call: ModelCall, agent: string): void {
  if (call.status === 'running') return;
  if (output.json) {
    output.result({ event: 'call', agent, call }, () => '');
    return;
  }
  const used =
    call.input_tokens === undefined
      ? []
      : [`${call.input_tokens} in, ${call.output_tokens ?? 0} out`, ...moneyOf(call)];
  const passed = call.passed_over.map(({ model, reason }) => `${model} ${reason}`);
  const facts = [
    agent,
    call.model || 'no model',
    call.status,
    duration(call.duration_ms ?? 0),
    ...used,
    ...(call.error === undefined ? [] : [call.error.message]),
    ...(passed.length > 0 && call.error === undefined ? [`after ${passed.join('; ')}`] : []),
  ];
  output.line(`${paint('dim', new Date().toTimeString().slice(0, 8))}  ${oneLine(facts.join('  '))}`);
}

/** Providers word their errors, so what they say is not trusted with the terminal. */
function oneLine(words: string): string {
  return safeText(words).replaceAll('\n', ' ');
}

function moneyOf({ usd, estimated }: ModelCall): string[] {
  if (usd === undefined) return [];
  return [`${estimated === true && usd > 0 ? 'about ' : ''}${dollars(usd)}`];
}

function portOption(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('Use a port from 0 to 65535.');
  return port;
}
