import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ErrorShape } from '../../src-shared/errors.ts';
import { expandValues } from '../../src-shared/lattice-yaml/env.ts';
import { keepOwnDescriptors } from '../system/own-descriptors.ts';
import { CommandDialog } from './command-dialog.ts';
import { safeEnvironment } from './command-environment.ts';
import { CommandOutput } from './command-output.ts';
import { OutputTail } from './output-buffer.ts';
import { endGroup, isGroupAlive } from './process-group.ts';
import { armStop, reasonOf, type Stop } from './run-stop.ts';
import type { CommandRun, RunControls, RunOutcome, RunRequest } from './runner.ts';
import { cannotStart } from './start-failure.ts';

const STDERR_TAIL_BYTES = 8 * 1024;
/** How long processes that outlive the program get to end by themselves. */
const LEFTOVER_MS = 1_000;

export interface CommandSessionOptions {
  request: RunRequest;
  run: CommandRun;
  controls: RunControls;
  /** Where safe variables are taken from. */
  environment: NodeJS.ProcessEnv;
  /** Milliseconds between SIGTERM and SIGKILL. */
  killAfterMs: number;
}

interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Runs a program once, from its start until its whole process group is gone. Never rejects. */
export async function runCommand(options: CommandSessionOptions): Promise<RunOutcome> {
  const { controls, request } = options;
  if (controls.signal.aborted) return { status: 'cancelled', reason: reasonOf(controls.signal) };
  let child: ChildProcessWithoutNullStreams;
  try {
    child = start(options);
    await once(child, 'spawn');
  } catch (error) {
    return {
      status: 'failed',
      error: cannotStart(
        { program: options.run.command[0], cwd: options.run.cwd, from: 'run.command' },
        error,
      ),
    };
  }
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const pid = child.pid ?? 0;
  const stderr = new OutputTail(STDERR_TAIL_BYTES);
  child.on('error', () => undefined);
  child.stderr.on('error', () => undefined).on('data', (chunk: Buffer) => stderr.add(chunk));
  const stop = armStop(controls, options.run.timeoutMs);
  const ending = stop.stopped.then(() => endGroup(pid, options.killAfterMs));
  const dialog = new CommandDialog({ stdin: child.stdin, controls });
  const output = new CommandOutput({
    stdout: child.stdout,
    report: (report) => controls.report(report),
    onRequest: (asked) => dialog.request(asked),
    stopped: stop.stopped,
  });
  const { workId, attempt, agent, task, context } = request;
  void dialog.tell({ work_id: workId, attempt, agent: agent.info.name, task, context });

  const exit = await exited;
  const why = stop.disarm();
  if (why !== undefined) await ending;
  await output.drain();
  if (why === undefined && isGroupAlive(pid)) await endGroup(pid, LEFTOVER_MS);
  await output.close();
  child.stdin.destroy();
  child.stderr.destroy();
  return outcomeOf(agent.info.name, exit, why, output, stderr.toString());
}

function start({ run, request, environment }: CommandSessionOptions): ChildProcessWithoutNullStreams {
  const [program, ...args] = run.command;
  keepOwnDescriptors();
  return spawn(program, args, {
    cwd: run.cwd,
    stdio: 'pipe',
    windowsHide: true,
    // An own group, so that everything the program starts ends with it.
    detached: process.platform !== 'win32',
    env: {
      ...safeEnvironment(environment),
      ...expandValues(run.env, environment),
      LATTICE_WORK_ID: request.workId,
      LATTICE_ATTEMPT: String(request.attempt),
      LATTICE_AGENT: request.agent.info.name,
    },
  });
}

function outcomeOf(
  agent: string,
  exit: Exit,
  why: Stop | undefined,
  output: CommandOutput,
  stderr: string,
): RunOutcome {
  if (why?.kind === 'cancelled') return { status: 'cancelled', reason: why.reason };
  const failed = (code: ErrorShape['code'], message: string, hint?: string): RunOutcome => {
    const said = stderr === '' ? message : `${message}\n${stderr}`;
    const details = { ...(exit.code === null ? { signal: exit.signal } : { exit_code: exit.code }) };
    return {
      status: 'failed',
      error: { code, message: said, ...(hint === undefined ? {} : { hint }), details },
    };
  };
  if (why?.kind === 'timeout')
    return failed('timeout', `${agent} did not end within ${why.ms} ms.`, 'Raise timeout_ms under run:.');
  if (exit.code !== 0)
    return failed(
      'agent_failed',
      exit.code === null
        ? `${agent} was ended by ${exit.signal}.`
        : `${agent} ended with exit code ${exit.code}.`,
    );
  if (output.isResultTooLarge)
    return failed(
      'too_large',
      `The result of ${agent} is longer than 8 MiB.`,
      'Write it to a file and return its path.',
    );
  return { status: 'completed', result: output.result };
}
