import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientConnection } from '@agentclientprotocol/sdk';
import { Disposables } from '../../../src-shared/disposables.ts';
import { LatticeError } from '../../../src-shared/errors.ts';
import type { ModelCall } from '../../../src-shared/protocol/activity.ts';
import type { ModelGateway } from '../../gateway/model-gateway.ts';
import { type ActivityReporter, withoutSecrets } from '../activity-reporter.ts';
import { withVariables } from '../mcp-servers.ts';
import { openModelAccess } from '../model-access.ts';
import type { Permissions } from '../permissions.ts';
import { openPromptedRun } from '../prompted-run.ts';
import { renderPrompt } from '../render-prompt.ts';
import type { AcpRun, RunControls, RunOutcome, RunRequest } from '../runner.ts';
import { knownRuntime } from '../runtimes/known-runtimes.ts';
import { ownProgram } from '../runtimes/own-program.ts';
import type { RuntimeSpec } from '../runtimes/runtime-spec.ts';
import { agentEnvironment } from '../sandbox/environment.ts';
import { watchLimits } from '../sandbox/limits-watch.ts';
import { withoutNetwork } from '../sandbox/network.ts';
import { openWorkspace } from '../sandbox/workspace.ts';
import { SilenceWatch } from '../silence-watch.ts';
import { cannotStart } from '../start-failure.ts';
import { acpClient } from './acp-client.ts';
import { AcpEnd } from './acp-end.ts';
import { type AcpProcess, startAcpProcess } from './acp-process.ts';
import { acpStream } from './acp-stream.ts';
import { acpTurn } from './acp-turn.ts';
import { ClientTerminals } from './client-terminals.ts';
import { UpdateMap } from './update-map.ts';

const DEFAULT_SILENCE_MS = 300_000;
/** Of the time to end, what is kept for SIGTERM after a runtime ignored the protocol's cancel. */
const TERM_SHARE = 0.2;
/** How long after its pipe closed a runtime is expected to have ended. */
const EXIT_MS = 1_000;

export interface AcpSessionOptions {
  request: RunRequest;
  run: AcpRun;
  controls: RunControls;
  gateway: ModelGateway;
  environment: NodeJS.ProcessEnv;
  killAfterMs: number;
  startMs: number;
}

/** Runs a coding agent once, from its start until nothing of it is left. @throws LatticeError when it cannot begin. */
export async function runAcp(options: AcpSessionOptions): Promise<RunOutcome> {
  const { request, run, controls } = options;
  const { info } = request.agent;
  const end = new Disposables();
  const { hide, reporter, permissions, stop } = openPromptedRun(request, run, controls);
  const result = new AcpEnd({ agent: info.name });
  let heard: () => void = () => undefined;
  const onCall = (call: ModelCall) => {
    heard();
    result.hearCall(call);
    reporter.add(call);
  };
  try {
    const { grant } = end.use(await openModelAccess(options.gateway, request, stop.signal, onCall));
    if (grant !== undefined) hide.push(grant.key);
    const started = await start(options, end, reporter, grant);
    if ('error' in started) return { status: 'failed', error: started.error };
    const { process: runtime, dir, wrapper, environment, blocks, spec } = started;
    const failed = new Promise<never>((_, reject) => {
      end.use(watchSilence(run, permissions, reporter, spec.title, reject, (hear) => (heard = hear)));
      end.use(
        watchLimits({
          pid: runtime.pid,
          limits: run.limits,
          onExceeded: (reason) =>
            reject(new LatticeError('agent_failed', `${info.name} was ended. ${reason}`)),
          onBlind: (reason) => reporter.notice('warning', reason),
        }),
      );
      void runtime.exited.then((exit) => reject(result.exitError(spec.title, exit, runtime.stderr())));
    });
    failed.catch(() => undefined);
    const terminals = end.use(
      new ClientTerminals({
        env: environment,
        wrapper,
        onOutput: (id, text) => {
          heard();
          reporter.add({ kind: 'terminal', id, text });
        },
      }),
    );
    const { app, update } = acpClient({
      dir,
      updates: new UpdateMap(),
      reporter,
      permissions,
      terminals,
      onUpdate: (activity) => result.hear(activity),
      onMalformed: () => result.hearRubbish('session/update'),
    });
    const connection = app.connect(
      acpStream({
        stdout: runtime.child.stdout,
        stdin: runtime.child.stdin,
        onMessage: () => heard(),
        onUpdate: update,
        onRubbish: (line) => result.hearRubbish(line),
        room: () => reporter.room(),
      }),
    );
    const turn = acpTurn({
      connection,
      run: { mode: run.mode ?? spec.askingMode, mcp: withVariables(run.mcp, options.environment) },
      dir,
      blocks,
      meta: started.meta,
      startMs: options.startMs,
      reporter,
    });
    turn.done.catch(() => undefined);
    const finished = await Promise.race([
      turn.done.then(
        (response) => ({ response }),
        (error: unknown) => afterExit(connection, failed, error),
      ),
      failed.catch((error: unknown) => ({ error })),
      stop.stopped.then(() => ({ stopped: true as const })),
    ]).catch((error: unknown) => ({ error }));
    const why = stop.disarm();
    const grace = options.killAfterMs;
    if (why !== undefined) await giveTimeToCancel(turn, runtime, grace * (1 - TERM_SHARE));
    await endRuntime(connection, runtime, why === undefined ? 1_000 : grace * TERM_SHARE, reporter);
    if (result.rubbish !== undefined) reporter.notice('warning', result.rubbish);
    return withoutSecrets(result.outcome(why, finished, runtime.stderr()), hide);
  } finally {
    stop.disarm();
    await end[Symbol.asyncDispose]();
    await reporter.close();
  }
}

/** Prepares the folder and the runtime, and starts it. */
async function start(
  { request, run, environment: own }: AcpSessionOptions,
  end: Disposables,
  reporter: ActivityReporter,
  grant: Parameters<RuntimeSpec['prepare']>[0]['grant'],
) {
  const spec = specOf(run);
  const privateDir = await mkdtemp(join(tmpdir(), 'lattice-runtime-'));
  end.defer(() => rm(privateDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  const { dir, note } = end.use(
    await openWorkspace({ kind: run.workspace, root: run.root, workId: request.workId }),
  );
  if (note !== undefined) reporter.notice('info', note);
  const { system, messages } = await renderPrompt(run.prompt, request.task, request.context);
  const usesGateway = grant !== undefined && spec.takesGateway;
  if (!usesGateway) reporter.notice('info', ownModels(spec, grant !== undefined));
  const prepared = await spec.prepare({
    grant: usesGateway ? grant : undefined,
    system,
    privateDir,
    limits: run.limits,
  });
  const environment = agentEnvironment({ own, pass: run.passEnv, values: run.env });
  const wrapper = run.limits.network ? [] : await networkOff(reporter, spec, usesGateway);
  const texts = messages.map(({ text }) => text);
  if (system !== '' && !prepared.takesSystem) texts.unshift(`Your instructions:\n\n${system}`);
  const command = run.command ?? spec.command;
  const wrapped = usesGateway ? command : ([...wrapper, ...command] as unknown as typeof command);
  try {
    const process = await startAcpProcess({
      command: wrapped,
      cwd: dir,
      env: { ...environment, ...prepared.env },
    });
    const blocks = texts.map((text) => ({ type: 'text' as const, text }));
    return { process, dir, wrapper, environment, blocks, spec, meta: prepared.meta };
  } catch (error) {
    const from = run.command === undefined ? 'run.acp.command' : 'run.acp';
    return { error: cannotStart({ program: command[0], cwd: dir, from, install: spec.install }, error) };
  }
}

function specOf(run: AcpRun): RuntimeSpec {
  const known = knownRuntime(run.runtime);
  if (known !== undefined) return known;
  if (run.command !== undefined) return ownProgram(run.runtime, run.command);
  throw new LatticeError('runner_unavailable', `There is no runtime ${run.runtime}.`, {
    hint: 'Use opencode, claude, codex or gemini, or write acp: { command: [program] }.',
  });
}

function ownModels(spec: RuntimeSpec, hasRouting: boolean): string {
  return hasRouting
    ? `${spec.title} cannot be given models, so it asks its own: routing, budgets and the bill do not hold for it.`
    : `The agent has no routing, so ${spec.title} uses its own models and settings.`;
}

async function networkOff(
  reporter: ActivityReporter,
  spec: RuntimeSpec,
  usesGateway: boolean,
): Promise<readonly string[]> {
  const wrapper = await withoutNetwork();
  if (wrapper === undefined) {
    reporter.notice(
      'warning',
      'The network cannot be taken away on this machine, so it stays open for this run.',
    );
    return [];
  }
  if (usesGateway)
    reporter.notice(
      'warning',
      `${spec.title} itself keeps the network, since it has to reach its models; only commands it runs through this station have none.`,
    );
  return wrapper;
}

function watchSilence(
  run: AcpRun,
  permissions: Permissions,
  reporter: ActivityReporter,
  title: string,
  fail: (error: LatticeError) => void,
  give: (hear: () => void) => void,
): SilenceWatch {
  const limitMs = run.limits.silenceMs ?? DEFAULT_SILENCE_MS;
  const watch = new SilenceWatch({
    limitMs,
    isWaiting: () => permissions.isAsking,
    onNotice: () => reporter.notice('warning', `${title} has said nothing for ${seconds(limitMs)}.`),
    onFail: () =>
      fail(
        new LatticeError('timeout', `${title} said nothing for ${seconds(limitMs * 2)}, so it was ended.`, {
          hint: 'Raise silence_ms under run: when it needs longer.',
        }),
      ),
  });
  give(() => watch.hear());
  return watch;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

/** A connection that closed says less than how the runtime ended, which is known a moment later. */
async function afterExit(
  connection: ClientConnection,
  failed: Promise<never>,
  error: unknown,
): Promise<{ error: unknown }> {
  if (!connection.signal.aborted) return { error };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ error: unknown }>((resolve) => {
    timer = setTimeout(() => resolve({ error }), EXIT_MS);
  });
  const ended = failed.catch((exit: unknown) => ({ error: exit }));
  return Promise.race([ended, late]).finally(() => clearTimeout(timer));
}

async function giveTimeToCancel(
  turn: ReturnType<typeof acpTurn>,
  runtime: AcpProcess,
  ms: number,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([turn.cancel(), runtime.exited, timeout]);
  clearTimeout(timer);
}

async function endRuntime(
  connection: ClientConnection,
  runtime: AcpProcess,
  graceMs: number,
  reporter: ActivityReporter,
): Promise<void> {
  const left = await runtime.end(graceMs);
  connection.close();
  await connection.closed;
  if (left > 0) reporter.notice('info', `Processes it had left running were ended: ${left}.`);
}
