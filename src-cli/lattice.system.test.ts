import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { identify } from '../src-main/system/process-identity.ts';
import { BuiltCli, end, type Served } from './testing/built-cli.ts';

const WAIT = { timeout: 10_000, interval: 30 };

type Ready = Record<string, unknown> & { station_id: string; url: string };
interface Where {
  home?: string;
  cwd?: string;
}

let built: BuiltCli;
let folder = '';
let cli = '';
let hub: Served<Ready>;

beforeAll(async () => {
  built = await BuiltCli.build();
  folder = built.folder;
  cli = built.script;
  await run(['init', join(folder, 'host')]);
  await addAsker(join(folder, 'host'));
  const ports = ['--port', '0', '--http-port', '0'];
  hub = await serve('host', ['--orchestration', ...ports, '--name', 'atlas', '--max-parallel', '4']);
});

afterAll(() => built[Symbol.asyncDispose]());

const environment = (home: string) => built.environment(home);
const run = (args: string[], where: Where = {}) => built.run(args, { home: 'host', cwd: folder, ...where });
const json = (args: string[], where: Where = {}) =>
  built.json<Record<string, unknown>>(args, { home: 'host', cwd: folder, ...where });
const serve = (name: string, args: string[]) => built.stay<Ready>(['serve', ...args], { home: name });

/** An agent that asks before it ends, and one that forks and does not listen to SIGTERM. */
async function addAsker(project: string): Promise<void> {
  await writeFile(
    join(project, 'agents/asker.mjs'),
    `import { createInterface } from 'node:readline';
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
await lines.next();
console.log('before the question');
console.log(JSON.stringify({ type: 'question', id: 'q1', text: 'Roll out now?', choices: ['Now', 'Later'] }));
const { value } = await lines.next();
console.log(JSON.stringify({ type: 'result', result: 'They said ' + JSON.parse(value).answer }));
process.exit(0);
`,
  );
  await writeFile(
    join(project, 'agents/stubborn.mjs'),
    `import { spawn } from 'node:child_process';
process.on('SIGTERM', () => undefined);
const child = spawn(process.execPath, ['-e', "process.on('SIGTERM',()=>{});setInterval(()=>{},1000)"], { stdio: 'ignore' });
console.log('pids ' + process.pid + ' ' + child.pid);
setInterval(() => undefined, 1000);
`,
  );
  const file = join(project, 'lattice.yaml');
  const agents = `
  asker:
    description: Asks a person
    run: { command: [node, ./agents/asker.mjs] }
  stubborn:
    description: Does not want to end
    run: { command: [node, ./agents/stubborn.mjs] }
`;
  await writeFile(file, (await readFile(file, 'utf8')).replace(/^agents:\n/m, `agents:${agents}`));
}

async function works(): Promise<{ id: string; status: string; task: string; waits?: { kind: string } }[]> {
  return (await json(['work', 'list', '--all'])).data.works as never;
}

describe('serve', () => {
  it('ends quietly when who reads it has enough', async () => {
    const child = spawn('sh', ['-c', `"$0" "$1" --help | head -n 1`, process.execPath, cli]);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
    await once(child, 'close');
    expect(said).toBe('Usage: lattice [options] [command]\n');
  });

  it('is ready with its ports in one line of JSON', () => {
    expect(hub.ready).toMatchObject({
      event: 'ready',
      mode: 'orchestrator',
      url: expect.stringMatching(/^nats:\/\/127\.0\.0\.1:\d+$/),
      port: expect.any(Number),
      http_port: expect.any(Number),
    });
    expect(hub.readyMs).toBeLessThan(10_000);
  });

  it('lets a second station in another folder join, run and come back under its id after kill -9', async () => {
    await run(['init', join(folder, 'second')]);
    const second = await serve('second', ['--lattice', hub.ready.url, '--name', 'forge']);
    const stations = (await json(['stations'])).data.stations as {
      id: string;
      name: string;
      status: string;
    }[];
    expect(stations.map((each) => `${each.name} ${each.status}`).sort()).toEqual([
      'atlas online',
      'forge online',
    ]);
    const done = await json([
      'agent',
      'exec',
      'counter',
      'Count',
      '--station',
      'forge',
      '--context',
      'to=2',
      '--context',
      'delay_ms=1',
    ]);
    expect(done).toMatchObject({ ok: true, data: { result: 'Counted to 2.', stationName: 'forge' } });
    await end(second.child, 'SIGKILL');
    const again = await serve('second', ['--lattice', hub.ready.url, '--name', 'forge']);
    expect(again.ready.station_id).toBe(second.ready.station_id);
    expect(await end(again.child, 'SIGTERM')).toBe(0);
    await vi.waitFor(async () => {
      const after = (await json(['stations'])).data.stations as { name: string; status: string }[];
      expect(after.find((each) => each.name === 'forge')?.status).toBe('offline');
    }, WAIT);
  });

  it('stops cleanly, hub and all, when the request to stop reaches it twice', async () => {
    const alone = await serve('twice', ['--orchestration', '--port', '0', '--http-port', '0']);
    const exited = once(alone.child, 'exit');
    alone.child.kill('SIGINT');
    // Another one, because two of a kind that wait are one.
    alone.child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(await identify(Number(alone.ready.hub_pid))).toBeUndefined();
  });

  it('says which port is taken, by whom, and offers the next free one', async () => {
    const taken = createServer();
    await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening));
    const address = taken.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const answer = await json(['serve', '--orchestration', '--port', String(port)], { home: 'other' });
    expect(answer).toMatchObject({
      ok: false,
      error: { code: 'port_taken', message: expect.stringMatching(/^Port \d+ is used by .+\. Use \d+\?$/) },
    });
    taken.close();
  });

  it.each([
    [['serve', '--orchestration', '--port', '80a'], 'invalid_input'],
    [['serve', '--orchestration', '--lattice', 'nats://x'], 'invalid_input'],
    [['serve', '--lattice', 'http://x y'], 'invalid_input'],
    [['serve', '--orchestration', '--port', '0', '--store-dir', '/dev/null/store'], 'io_failed'],
  ])('refuses %j', async (args, code) => {
    expect(await json(args, { home: 'other' })).toMatchObject({ ok: false, error: { code } });
  });

  it('refuses a second hub on the same store', async () => {
    const store = join(folder, 'home-host/data/nats');
    const answer = await json(['serve', '--orchestration', '--port', '0', '--store-dir', store], {
      home: 'other',
    });
    expect(answer).toMatchObject({
      ok: false,
      error: { code: 'conflict', message: expect.stringContaining('is used by') },
    });
  });
});

describe('agents', () => {
  it('offers a changed lattice.yaml within a second or so, and says where a mistake is', async () => {
    const project = join(folder, 'host');
    await writeFile(
      join(project, 'agents/late.prompt'),
      '---\nname: late\nrun: { command: [node, -e, "0"] }\n---\nHello\n',
    );
    await vi.waitFor(async () => {
      const names = ((await json(['agents'])).data.agents as { name: string }[]).map((agent) => agent.name);
      expect(names).toContain('late');
    }, WAIT);
    await writeFile(join(folder, 'broken.yaml'), '');
    const broken = join(folder, 'broken');
    await mkdir(broken);
    await writeFile(join(broken, 'lattice.yaml'), 'agents:\n  a: [1\n');
    const { code, stdout } = await run(['validate', broken]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/lattice\.yaml:\d+:\d+: /);
  });

  it('answers for an agent nobody offers with what to do', async () => {
    expect(await json(['agent', 'exec', 'nobody', 'x'])).toMatchObject({
      ok: false,
      error: { code: 'no_candidate', hint: expect.any(String) },
    });
    expect((await run(['agent', 'exec', 'a.b', 'x'])).code).toBe(1);
    expect((await run(['agent', 'exec', 'n'.repeat(300), 'x'])).code).toBe(1);
  });

  it('keeps the secret of the hub out of what it prints', async () => {
    const stations = join(folder, 'home-host/data/stations');
    const [station = ''] = await readdir(stations);
    const seed = await readFile(join(stations, station, 'device.nk'), 'utf8');
    expect(seed).toMatch(/^SU[A-Z2-7]{56}$/);
    for (const args of [['status'], ['status', '--json'], ['config', '--origin'], ['stations', '--json']]) {
      const { stdout, stderr } = await run(args);
      expect(stdout + stderr).not.toContain(seed);
    }
  });
});

describe('work', () => {
  it('streams its story, and a watcher who comes late sees it from the first byte', async () => {
    const { code, stdout } = await run([
      'work',
      'assign',
      'counter',
      'Count for the story',
      '--context',
      'to=3',
      '--context',
      'delay_ms=1',
      '--stream',
    ]);
    expect(code).toBe(0);
    const [id] = (await works()).filter((work) => work.task === 'Count for the story').map((work) => work.id);
    const late = await run(['work', 'watch', id ?? '']);
    for (const said of [stdout, late.stdout]) expect(said.match(/^[123]$/gm)).toEqual(['1', '2', '3']);
  });

  it('is answered from the command line', async () => {
    const { data } = await json(['work', 'assign', 'asker', 'Ask me']);
    const id = String(data.id);
    await vi.waitFor(
      async () => expect((await works()).find((work) => work.id === id)?.waits?.kind).toBe('question'),
      WAIT,
    );
    expect((await run(['work', 'show', id])).stdout).toContain('Roll out now?');
    await run(['work', 'answer', id, '--choice', '2']);
    const awaited = await run(['work', 'await', id.slice(0, 20)]);
    expect(awaited).toMatchObject({ code: 0, stdout: 'They said Later\n' });
  });

  it('cancels running work with its whole process tree within 6 s, and says who and why', async () => {
    const { data } = await json(['work', 'assign', 'stubborn', 'Stay']);
    const id = String(data.id);
    const watch = spawn(process.execPath, [cli, 'work', 'watch', id], { env: environment('host') });
    let said = '';
    watch.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await vi.waitFor(() => expect(said).toMatch(/pids \d+ \d+/), WAIT);
    const pids = (/pids (\d+) (\d+)/.exec(said) ?? []).slice(1).map(Number);
    await run(['work', 'cancel', id, '--reason', 'it stays']);
    await vi.waitFor(
      async () => expect(await Promise.all(pids.map(identify))).toEqual([undefined, undefined]),
      { timeout: 6_500, interval: 50 },
    );
    await once(watch, 'exit');
    const { data: shown } = await json(['work', 'show', id]);
    expect(shown.work).toMatchObject({
      status: 'cancelled',
      cancel: { reason: 'it stays', by: expect.stringContaining('@') },
    });
  });

  it('can be awaited by another process when the one that gave it was killed', async () => {
    const giver = spawn(
      process.execPath,
      [
        cli,
        'work',
        'assign',
        'counter',
        'Outlive me',
        '--context',
        'to=20',
        '--context',
        'delay_ms=50',
        '--wait',
      ],
      { env: environment('host') },
    );
    await vi.waitFor(
      async () => expect((await works()).some((work) => work.task === 'Outlive me')).toBe(true),
      WAIT,
    );
    await end(giver, 'SIGKILL');
    const [work] = (await works()).filter((each) => each.task === 'Outlive me');
    expect(await run(['work', 'await', work?.id ?? ''])).toMatchObject({
      code: 0,
      stdout: 'Counted to 20.\n',
    });
  });

  it('is kept as unplaceable while nobody offers its agent, and the same key is the same work', async () => {
    const first = await json(['work', 'assign', 'someday', 'Later', '--dedupe', 'k1']);
    const second = await json(['work', 'assign', 'someday', 'Later', '--dedupe', 'k1']);
    expect(first.data).toMatchObject({
      created: true,
      work: { unplaceable: { reason: expect.stringContaining('someday') } },
    });
    expect(second.data).toMatchObject({ created: false, id: first.data.id });
    await run(['work', 'cancel', String(first.data.id)]);
    const events = (await json(['events', '--work', String(first.data.id)])).data.events as {
      type: string;
    }[];
    expect(events.map((event) => event.type)).toEqual(
      expect.arrayContaining(['work.assigned', 'work.cancelled']),
    );
  });
});

describe('usage', () => {
  it.each([
    [['bogus']],
    [['agents', '--bogus']],
    [['work', 'assign']],
    [['agent', 'exec', 'x', 'y', '--timeout', 'soon']],
  ])('%j is exit 2', async (args) => {
    expect((await run(args)).code).toBe(2);
    expect(await json(args)).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
  });

  it('has a completion that bash can read', async () => {
    const { stdout } = await run(['completion', 'bash']);
    execFileSync('bash', ['-n'], { input: stdout });
    expect(stdout).toContain('orchestration');
  });

  it('does not write over a project', async () => {
    const { code, stderr } = await run(['init', join(folder, 'host')]);
    expect(code).toBe(1);
    expect(stderr).toContain('is there already');
  });

  it('says where each setting came from', async () => {
    const answer = await json(['config', '--origin', '--org', 'team']);
    const settings = answer.data.settings as { name: string; value: unknown; origin: string }[];
    expect(settings.find((each) => each.name === 'org')).toMatchObject({ value: 'team', origin: 'flag' });
  });
});
