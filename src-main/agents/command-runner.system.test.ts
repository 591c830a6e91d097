import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { LatticeError } from '../../src-shared/errors.ts';
import type { Report } from '../../src-shared/protocol/invoke.ts';
import { unproven } from '../../src-shared/protocol/sender.ts';
import { expectNoLeak, findSecretsIn, findSecretsInText, makeSecret } from '../testing/find-secrets.ts';
import { CommandRunner } from './command-runner.ts';
import { isGroupAlive } from './process-group.ts';
import type { CommandRun, RunControls, RunOutcome, RunRequest } from './runner.ts';

const HUB_TOKEN = makeSecret();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-command-'));
});
afterAll(async () => {
  expectNoLeak(findSecretsIn(folder));
  await rm(folder, { recursive: true, force: true });
});

interface Options extends Partial<Omit<CommandRun, 'command'>> {
  command: readonly [string, ...string[]];
  signal?: AbortSignal;
  ask?: RunControls['ask'];
  assign?: RunControls['assign'];
  report?: RunControls['report'];
  environment?: NodeJS.ProcessEnv;
  killAfterMs?: number;
  task?: string;
}

interface Ran {
  outcome: RunOutcome;
  reports: Report[];
  output: string;
}

async function run(options: Options): Promise<Ran> {
  const { command, cwd = folder, env = {}, timeoutMs, environment, killAfterMs } = options;
  const request: RunRequest = {
    workId: 'work-1',
    attempt: 2,
    agent: {
      info: {
        name: 'tester',
        description: '',
        capabilities: [],
        runner: 'command',
        digest: '0'.repeat(64),
        registered_at: '2026-01-01T00:00:00Z',
      },
      run: { kind: 'command', command, cwd, env, timeoutMs },
      source: 'lattice.yaml',
    },
    task: options.task ?? 'Do it',
    context: { to: 3 },
  };
  const reports: Report[] = [];
  const refuse = () => Promise.reject(new LatticeError('unsupported', 'Nobody can be asked here.'));
  const runner = new CommandRunner({
    ...(environment === undefined ? {} : { environment }),
    ...(killAfterMs === undefined ? {} : { killAfterMs }),
  });
  const outcome = await runner.run(request, {
    signal: options.signal ?? new AbortController().signal,
    sender: unproven('anna'),
    report: (report) => {
      reports.push(report);
      return options.report?.(report);
    },
    ask: options.ask ?? refuse,
    assign: options.assign ?? refuse,
  });
  expectNoLeak(findSecretsInText('what the run told', JSON.stringify({ outcome, reports }), [HUB_TOKEN]));
  const output = reports.map((report) => (report.type === 'output' ? report.text : '')).join('');
  return { outcome, reports, output };
}

const node = (script: string): readonly [string, ...string[]] => [process.execPath, '-e', script];
const sh = (script: string): readonly [string, ...string[]] => ['sh', '-c', script];
const completed = (result: string) => ({ status: 'completed', result });

/** Aborts when the program has said so, which is when it is ready. */
function abortOn(word: string, reason?: string) {
  const controller = new AbortController();
  const report = (said: Report) => {
    if (said.type === 'output' && said.text.includes(word)) controller.abort(reason);
  };
  return { signal: controller.signal, report };
}

describe('CommandRunner', () => {
  it('gives the task as one JSON line and takes the last result', async () => {
    const { outcome, reports, output } = await run({
      command: node(`process.stdin.once('data', (line) => {
        console.log('{"type":"progress","percent":50,"step":1,"of":2,"message":"half"}');
        console.log('plain');
        console.log('{"type":"activity","activity":{"kind":"notice","level":"info","text":"No limit."}}');
        console.log('{"type":"output","text":"typed\\\\n"}');
        console.log('{"type":"result","result":"first"}');
        console.log(JSON.stringify({ type: 'result', result: JSON.parse(line) }));
        process.exit(0);
      })`),
    });
    expect(reports[0]).toEqual({ type: 'progress', percent: 50, step: 1, of: 2, message: 'half' });
    expect(reports).toContainEqual({
      type: 'activity',
      activity: { kind: 'notice', level: 'info', text: 'No limit.' },
    });
    expect(output).toBe('plain\ntyped\n');
    expect(outcome.status).toBe('completed');
    expect(JSON.parse(outcome.status === 'completed' ? outcome.result : '')).toEqual({
      work_id: 'work-1',
      attempt: 2,
      agent: 'tester',
      task: 'Do it',
      context: { to: 3 },
    });
  });

  it('takes the whole output when there is no result', async () => {
    const { outcome, output } = await run({ command: sh('printf "one\\ntwo\\n{not json\\n"; printf "end"') });
    expect(outcome).toEqual(completed('one\ntwo\n{not json\nend'));
    expect(output).toBe('one\ntwo\n{not json\nend');
  });

  it('fails with the exit code and the tail of stderr', async () => {
    const { outcome } = await run({
      command: sh('head -c 20000 /dev/zero | tr "\\0" x >&2; echo " the reason" >&2; exit 3'),
    });
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'agent_failed', details: { exit_code: 3 } },
    });
    const message = outcome.status === 'failed' ? outcome.error.message : '';
    expect(message).toMatch(/^tester ended with exit code 3\.\nx+ the reason$/);
    expect(message.length).toBeLessThan(8_300);
  });

  it('says which signal ended the program', async () => {
    expect((await run({ command: sh('kill -SEGV $$') })).outcome).toMatchObject({
      error: { code: 'agent_failed', message: 'tester was ended by SIGSEGV.' },
    });
  });

  it.each([
    [['no-such-program'] as const, /^Cannot start no-such-program: not found\.$/],
    [['./file.txt'] as const, /^Cannot start \.\/file\.txt: it is not executable\.$/],
    [['sh', 'a\0b'] as const, /^Cannot start sh: /],
    [['sh', '-c', 'x'.repeat(4_000_000)] as const, /^Cannot start sh: /],
  ])('says why it cannot start %j', async (command, message) => {
    await writeFile(join(folder, 'file.txt'), '');
    const { outcome } = await run({ command });
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'agent_failed', hint: expect.any(String) },
    });
    expect(outcome.status === 'failed' ? outcome.error.message : '').toMatch(message);
  });

  it('says when the project folder is gone', async () => {
    const { outcome } = await run({ command: ['sh', '-c', 'true'], cwd: join(folder, 'gone') });
    expect(outcome).toMatchObject({
      error: { message: expect.stringMatching(/the project folder .*gone is not there/) },
    });
  });

  it('hands on what programs need and none of our secrets', async () => {
    const { outcome } = await run({
      command: node('console.log(JSON.stringify({type: "result", result: process.env}))'),
      env: { MODE: 'slow', OWN_KEY: `Bearer \${OPENAI_API_KEY}`, LATTICE_AGENT: 'forged' },
      environment: {
        PATH: process.env.PATH,
        LC_ALL: 'C',
        LATTICE_TOKEN: HUB_TOKEN,
        STN_X: HUB_TOKEN,
        NATS_URL: `nats://${HUB_TOKEN}@hub:4222`,
        OPENAI_API_KEY: 'named on purpose',
        GITHUB_TOKEN: HUB_TOKEN,
      },
    });
    expect(JSON.parse(outcome.status === 'completed' ? outcome.result : '')).toEqual({
      PATH: process.env.PATH,
      LC_ALL: 'C',
      MODE: 'slow',
      OWN_KEY: 'Bearer named on purpose',
      LATTICE_WORK_ID: 'work-1',
      LATTICE_ATTEMPT: '2',
      LATTICE_AGENT: 'tester',
    });
  });

  it('answers questions and sub-work on stdin, also when they are refused', async () => {
    const script = `const lines = require('node:readline').createInterface({ input: process.stdin });
      const got = [];
      lines.on('line', (line) => {
        got.push(JSON.parse(line));
        if (got.length === 1) {
          console.log('{"type":"question","id":"q","text":"Which?","choices":["a","b"]}');
          console.log('{"type":"assign","id":"s","agent":"other","task":"sub","station":"st"}');
        }
        if (got.length === 3) { console.log(JSON.stringify({ type: 'result', result: got.slice(1) })); process.exit(0); }
      });`;
    const ask = vi.fn(async () => 'b');
    const assign = vi.fn(async () => 'work-9');
    const { outcome } = await run({ command: node(script), ask, assign });
    expect(ask).toHaveBeenCalledWith({ id: 'q', text: 'Which?', choices: ['a', 'b'] });
    expect(assign).toHaveBeenCalledWith({ agent: 'other', task: 'sub', context: {}, station: 'st' });
    const got = (ran: RunOutcome) => JSON.parse(ran.status === 'completed' ? ran.result : 'null');
    expect(got(outcome)).toEqual(
      expect.arrayContaining([
        { type: 'answer', id: 'q', answer: 'b' },
        { type: 'assigned', id: 's', work_id: 'work-9' },
      ]),
    );
    expect(got((await run({ command: node(script) })).outcome)).toContainEqual({
      type: 'answer',
      id: 'q',
      error: { code: 'unsupported', message: 'Nobody can be asked here.' },
    });
  });

  it('does not mind a program that asks without end and never listens', async () => {
    const { outcome } = await run({
      command: sh(
        'i=0; while [ $i -lt 3000 ]; do echo "{\\"type\\":\\"question\\",\\"text\\":\\"q\\"}"; i=$((i+1)); done; echo done',
      ),
      ask: async () => 'x'.repeat(1_000),
      timeoutMs: 700,
    });
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'timeout' } });
  });

  it('does not mind a program that closes stdin or ends before it reads the task', async () => {
    const task = 'x'.repeat(900_000);
    expect((await run({ command: sh('exec <&-; echo ok'), task })).outcome).toEqual(completed('ok'));
    expect((await run({ command: ['true'], task })).outcome).toEqual(completed(''));
  });

  it('shows messages with a wrong shape as text and counts them', async () => {
    const wrong = [
      '{"type":"progress","percent":"x"}',
      '{"type":"activity","activity":{"kind":"tool"}}',
      '{"type":"question"}',
      '{"type":"result"}',
    ];
    const other = ['{"type":"unknown"}', '[1]', '{"percent":3}', '{broken'];
    const all = [...wrong, ...other].join('\n');
    const { outcome, output, reports } = await run({ command: ['printf', '%s\n', ...wrong, ...other] });
    expect(outcome).toEqual(completed(all));
    expect(output).toBe(`${all}\n`);
    expect(reports.at(-1)).toEqual({
      type: 'progress',
      message: 'Lines with a wrong message shape, shown as text: 4',
    });
  });

  it('takes invalid UTF-8 and characters that are cut between two writes', async () => {
    const { outcome } = await run({
      command: node(`process.stdout.write(Buffer.from([0xff, 0xfe, 0x41, 0xe2, 0x82]));
        setTimeout(() => process.stdout.write(Buffer.from([0xac, 0x0a])), 50)`),
    });
    expect(outcome).toEqual(completed('\uFFFD\uFFFDA€'));
  });

  it('bounds 20 MiB without a line end, in reports and in the result', async () => {
    const { outcome, reports } = await run({ command: sh('head -c 20971520 /dev/zero | tr "\\0" "\\303"') });
    const sizes = reports.map((report) => (report.type === 'output' ? Buffer.byteLength(report.text) : 0));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(65_536);
    const result = outcome.status === 'completed' ? outcome.result : '';
    expect(Buffer.byteLength(result)).toBeLessThan(8 * 1024 * 1024);
    expect(result).toMatch(/The output was longer than 7 MiB; the rest was left out\.$/);
  });

  it('refuses a result of 9 MiB', async () => {
    const { outcome } = await run({
      command: node(`console.log(JSON.stringify({ type: 'result', result: 'x'.repeat(9 * 1024 * 1024) }))`),
    });
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'too_large' } });
  });

  it('reads no faster than its reports are taken', async () => {
    let taken = 0;
    const release: (() => void)[] = [];
    const file = join(folder, 'written');
    const ran = run({
      command: node(`const fs = require('node:fs'); let n = 0;
        const more = () => { fs.writeFileSync(${JSON.stringify(file)}, String(++n)); if (n < 400) process.stdout.write('x'.repeat(65536), more); };
        more();`),
      report: () => {
        taken++;
        return new Promise<void>((resolve) => release.push(resolve));
      },
    });
    await vi.waitFor(() => expect(release).toHaveLength(1), { timeout: 5_000 });
    const written = async () => Number(await readFile(file, 'utf8'));
    let last = -1;
    await vi.waitFor(
      async () => {
        const now = await written();
        const isStill = now === last;
        last = now;
        expect(isStill).toBe(true);
      },
      { timeout: 5_000, interval: 200 },
    );
    expect(last).toBeLessThan(40);
    expect(taken).toBe(1);
    const pump = setInterval(() => release.splice(0).forEach((go) => void go()), 0);
    expect((await ran).outcome.status).toBe('completed');
    clearInterval(pump);
    expect(await written()).toBe(400);
  });
});

describe('CommandRunner ends a program', () => {
  const childPid = (output: string) => Number(/child (\d+)/.exec(output)?.[1]);

  it('that is cancelled, with the reason', async () => {
    const { outcome } = await run({
      command: sh('echo ready; exec sleep 60'),
      ...abortOn('ready', 'Not needed'),
    });
    expect(outcome).toEqual({ status: 'cancelled', reason: 'Not needed' });
  });

  it('before it starts when it is cancelled already', async () => {
    const file = join(folder, 'never');
    const { outcome } = await run({ command: ['touch', file], signal: AbortSignal.abort() });
    expect(outcome).toEqual({ status: 'cancelled', reason: 'Cancelled.' });
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });

  it('that ignores SIGTERM, with the children it started', async () => {
    const started = performance.now();
    const { outcome, output } = await run({
      command: sh(
        'trap "" TERM; sh -c "trap \'\' TERM; while :; do sleep 0.1; done" & echo "child $!"; while :; do sleep 0.1; done',
      ),
      killAfterMs: 300,
      ...abortOn('child'),
    });
    expect(outcome.status).toBe('cancelled');
    expect(performance.now() - started).toBeGreaterThan(300);
    expect(isProcessAlive(childPid(output))).toBe(false);
  });

  it('that takes too long', async () => {
    const { outcome } = await run({ command: sh('echo working; exec sleep 60'), timeoutMs: 150 });
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'timeout', message: 'tester did not end within 150 ms.' },
    });
  });

  it('and what it left behind, which keeps stdout open', async () => {
    const { outcome, output } = await run({ command: sh('sleep 60 & echo "child $!"; exit 0') });
    expect(outcome).toEqual(completed(output.trimEnd()));
    expect(isProcessAlive(childPid(output))).toBe(false);
  });

  it('without waiting for one that left its group with stdout', async () => {
    const { outcome, output } = await run({
      command: node(`const { spawn } = require('node:child_process');
        const child = spawn('sleep', ['60'], { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
        child.unref();
        console.log('child ' + child.pid);`),
    });
    const left = childPid(output);
    expect(outcome).toEqual(completed(`child ${left}`));
    expect(isGroupAlive(left)).toBe(true);
    process.kill(left, 'SIGKILL');
  });
});

function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
