import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LatticeConfig } from '../config/lattice-config.ts';
import { Catalog } from './catalog.ts';
import { checkContext } from './input-schema.ts';

const SOON = { timeout: 10_000, interval: 10 };

let folder: string;
let projectDir: string;
let config: LatticeConfig | undefined;
let catalog: Catalog;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-catalog-'));
  projectDir = join(folder, 'project');
});
afterEach(async () => {
  await close();
  await rm(folder, { recursive: true, force: true });
});

async function put(path: string, text: string): Promise<void> {
  const file = join(projectDir, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

async function open(now?: () => Date): Promise<void> {
  config = await LatticeConfig.open({ projectDir, configDir: join(folder, 'settings') });
  catalog = new Catalog({ config, dataDir: join(folder, 'data'), ...(now === undefined ? {} : { now }) });
  await catalog.ready;
}

async function close(): Promise<void> {
  await catalog[Symbol.asyncDispose]();
  await config?.[Symbol.asyncDispose]();
}

const names = () => catalog.definitions.value.map((each) => each.info.name);
const details = () => catalog.problems.value.map((each) => each.detail);

const COUNTER =
  'agents:\n  counter:\n    description: Counts\n    capabilities: [demo]\n    run: {command: [node, ./agents/counter.mjs], timeout_ms: 60000, max_parallel: 2}\n';
const PROMPT =
  '---\ndescription: Greets\ntags: [demo]\nmodel: ollama/llama3.1:8b\ninput:\n  schema:\n    who: string, whom to greet\n---\n{{role "system"}}\nGreet {{who}}.\n';

describe('Catalog', () => {
  it('fills what a context leaves out with input.default', async () => {
    const input = '{schema: {to: "integer, how far", by?: integer}, default: {to: 10}}';
    await put('lattice.yaml', `agents: {counter: {input: ${input}, run: {command: [node, c.mjs]}}}\n`);
    await open();
    const schema = catalog.definitions.value[0]?.info.input_schema;
    expect(checkContext('counter', schema, {})).toEqual({ to: 10 });
    expect(checkContext('counter', schema, { to: '3', by: 1 })).toEqual({ to: 3, by: 1 });
  });

  it('offers what lattice.yaml, its local layer and the prompt files define', async () => {
    await put('lattice.yaml', COUNTER);
    await put(
      'lattice.local.yaml',
      'agents:\n  counter: {run: {timeout_ms: 5000}}\n  reviewer: {path: reviewer.md}\n',
    );
    await put('agents/reviewer.md', '---\ndescription: Reviews code\n---\nYou review.\n');
    await put('agents/greeter.prompt', PROMPT);
    await put('agents/_partial.prompt', 'no frontmatter');
    await open();
    expect(catalog.problems.value).toEqual([]);
    expect(catalog.definitions.value).toMatchObject([
      {
        info: {
          name: 'counter',
          description: 'Counts',
          capabilities: ['demo'],
          runner: 'command',
          timeout_ms: 5000,
          max_parallel: 2,
        },
        run: {
          kind: 'command',
          command: ['node', './agents/counter.mjs'],
          cwd: projectDir,
          env: {},
          timeoutMs: 5000,
        },
        source: join(projectDir, 'lattice.yaml'),
      },
      {
        info: {
          name: 'greeter',
          description: 'Greets',
          tags: ['demo'],
          model: 'ollama/llama3.1:8b',
          runner: 'model',
          input_schema: { type: 'object', properties: { who: { type: 'string' } }, required: ['who'] },
        },
        run: { kind: 'model', prompt: { kind: 'dotprompt' } },
      },
      { info: { name: 'reviewer', description: 'Reviews code', runner: 'model' } },
    ]);
  });

  it('is empty and content without a folder, and sees everything that comes later', async () => {
    await open();
    expect(catalog.definitions.value).toEqual([]);
    expect(catalog.problems.value).toEqual([]);
    await put('lattice.yaml', COUNTER);
    await vi.waitFor(() => expect(names()).toEqual(['counter']), SOON);
    await put('agents/greeter.prompt', PROMPT);
    await vi.waitFor(() => expect(names()).toEqual(['counter', 'greeter']), SOON);
    await put('lattice.local.yaml', 'agents: {late: {run: {command: [x]}}}');
    await vi.waitFor(() => expect(names()).toEqual(['counter', 'greeter', 'late']), SOON);
    await rm(projectDir, { recursive: true });
    await vi.waitFor(() => expect(names()).toEqual([]), SOON);
    await put('lattice.yaml', COUNTER);
    await vi.waitFor(() => expect(names()).toEqual(['counter']), SOON);
  });

  it('sees a file that an editor replaces by renaming, again and again', async () => {
    await put('lattice.yaml', COUNTER);
    await put('agents/greeter.prompt', PROMPT);
    await open();
    for (const word of ['one', 'two', 'three']) {
      await put('.swap', PROMPT.replace('Greets', word));
      await rename(join(projectDir, '.swap'), join(projectDir, 'agents/greeter.prompt'));
      await vi.waitFor(() => expect(catalog.definitions.value[1]?.info.description).toBe(word), SOON);
      await put('.swap', COUNTER.replace('Counts', word));
      await rename(join(projectDir, '.swap'), join(projectDir, 'lattice.yaml'));
      await vi.waitFor(() => expect(catalog.definitions.value[0]?.info.description).toBe(word), SOON);
    }
  });

  it('follows a prompt file outside the agents folder and a change of that folder', async () => {
    await put('lattice.yaml', 'agents: {a: {path: ../prompts/a.md}}');
    await put('prompts/a.md', '---\ndescription: first\n---\n');
    await put('other/b.prompt', PROMPT);
    await open();
    expect(catalog.definitions.value[0]?.info.description).toBe('first');
    await put('prompts/a.md', '---\ndescription: second\n---\n');
    await vi.waitFor(() => expect(catalog.definitions.value[0]?.info.description).toBe('second'), SOON);
    await put('lattice.yaml', 'defaults: {agents_dir: other}');
    await vi.waitFor(() => expect(names()).toEqual(['b']), SOON);
    await put('other/c.prompt', PROMPT);
    await vi.waitFor(() => expect(names()).toEqual(['b', 'c']), SOON);
  });

  it('keeps the last good definitions while lattice.yaml has a mistake', async () => {
    await put('lattice.yaml', COUNTER);
    await put('agents/greeter.prompt', PROMPT);
    await open();
    const before = catalog.definitions.value;
    await put('lattice.yaml', `${COUNTER}  other: [1\n`);
    await vi.waitFor(() => expect(catalog.problems.value).toHaveLength(1), SOON);
    expect(catalog.problems.value[0]).toMatchObject({
      severity: 'error',
      title: 'lattice.yaml has an error in line 6',
      area: 'config',
    });
    expect(details()[0]).toMatch(/^Line 6, column 12: Flow sequence/);
    expect(catalog.definitions.value).toEqual(before);
    await put('lattice.yaml', COUNTER.replace('[node, ./agents/counter.mjs]', 'node x'));
    await vi.waitFor(() => expect(details()[0]).toMatch(/run.command has to be a list/), SOON);
    expect(catalog.definitions.value).toEqual(before);
    await put('lattice.yaml', 'agents:\n');
    await vi.waitFor(() => expect(names()).toEqual(['greeter']), SOON);
    expect(catalog.problems.value).toEqual([]);
  });

  it('lets other agents work when one has a mistake, and keeps since when a problem began', async () => {
    await put(
      'lattice.yaml',
      `${COUNTER}  bad.name: {run: {command: [x]}}\n  nothing: {description: empty}\n  gone: {path: gone.md}\n`,
    );
    await put('agents/plain.prompt', 'Just text');
    await put('agents/broken.prompt', '---\nname: [a\n---\n');
    await put('agents/my agent.prompt', '---\ndescription: x\n---\n');
    await put('agents/template.prompt', '---\nname: template\n---\nHello\n{{#if a}}\n');
    await put('agents/counter.prompt', PROMPT);
    await put('agents/good.prompt', PROMPT);
    let clock = 0;
    await open(() => new Date(Date.UTC(2026, 0, 1, 0, 0, clock++)));
    expect(names()).toEqual(['counter', 'good']);
    expect(catalog.definitions.value[0]?.source).toBe(join(projectDir, 'lattice.yaml'));
    const found = catalog.problems.value.map(({ title, detail }) => `${title} · ${detail.split('\n')[0]}`);
    expect(found).toEqual([
      expect.stringMatching(
        /^lattice.yaml has an error in line 6 · Line 6, column 3: The name bad.name cannot be used/,
      ),
      expect.stringMatching(
        /^lattice.yaml has an error in line 7 · Line 7, column 12: Agent nothing has neither/,
      ),
      expect.stringMatching(
        /^lattice.yaml has an error in line 8 · Line 8, column 16: There is no file agents\/gone.md/,
      ),
      expect.stringMatching(/^agents\/broken.prompt has an error in line 2/),
      expect.stringMatching(
        /^agents\/counter.prompt has an error in line 1 · .*also defined in lattice.yaml/,
      ),
      expect.stringMatching(
        /^agents\/my agent.prompt has an error .* my agent cannot be the name of an agent/,
      ),
      expect.stringMatching(/^agents\/plain.prompt has an error in line 1 · .*no frontmatter/),
      expect.stringMatching(/^agents\/template.prompt has an error in line \d · .*template cannot be read/),
    ]);
    const since = catalog.problems.value[0]?.since;
    await catalog.reload();
    expect(catalog.problems.value[0]?.since).toBe(since);
  });

  it.each([
    ['../../etc/passwd', /lies outside the project/],
    ['/etc/passwd', /no file agents\/etc\/passwd/],
    ['link.md', /lies outside the project/],
    ['folder', /is not a file/],
    ['pipe.md', /is not a file/],
  ])('does not read the prompt %s', async (path, message) => {
    await put('lattice.yaml', `agents: {spy: {path: ${path}}}\n`);
    await mkdir(join(projectDir, 'agents/folder'), { recursive: true });
    await writeFile(join(folder, 'secret.md'), 'secret');
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(projectDir, 'agents/pipe.md')]);
    await symlink(join(folder, 'secret.md'), join(projectDir, 'agents/link.md'));
    await open();
    expect(names()).toEqual([]);
    expect(details()[0]).toMatch(message);
    expect(JSON.stringify(catalog.problems.value)).not.toContain('root:');
  });

  it('does not read prompt files of a folder outside the project', async () => {
    await mkdir(join(folder, 'outside'), { recursive: true });
    await writeFile(join(folder, 'outside/a.prompt'), PROMPT);
    await put('lattice.yaml', 'defaults: {agents_dir: ../outside}');
    await open();
    expect(names()).toEqual([]);
    expect(details()[0]).toMatch(/lies outside the project/);
  });

  it('remembers over a restart when a definition was first offered', async () => {
    await put('lattice.yaml', COUNTER);
    await open(() => new Date('2026-01-01T00:00:00Z'));
    const first = catalog.definitions.value[0]?.info;
    await close();
    await open(() => new Date('2026-02-02T00:00:00Z'));
    expect(catalog.definitions.value[0]?.info).toEqual(first);
    expect(first?.registered_at).toBe('2026-01-01T00:00:00.000Z');
    await put('lattice.yaml', COUNTER.replace('Counts', 'Counts more'));
    await catalog.reload();
    expect(catalog.definitions.value[0]?.info.registered_at).toBe('2026-02-02T00:00:00.000Z');
    expect(catalog.definitions.value[0]?.info.digest).not.toBe(first?.digest);
  });

  it('goes on when agents.json is damaged or cannot be written', async () => {
    await put('lattice.yaml', COUNTER);
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 'data/agents.json'), '{"version":1,"agents":{"counter":');
    await open();
    expect(names()).toEqual(['counter']);
    expect(details()[0]).toMatch(/damaged/);
    expect(JSON.parse(await readFile(join(folder, 'data/agents.json'), 'utf8'))).toMatchObject({
      version: 1,
    });
    await close();
    await rm(join(folder, 'data'), { recursive: true });
    await writeFile(join(folder, 'data'), 'a file where the folder should be');
    await open();
    expect(names()).toEqual(['counter']);
    expect(details().join()).toMatch(/cannot be (read|written)/);
  });

  it('is another agent when its runs need approval, and none when that cannot be read', async () => {
    await put('lattice.yaml', COUNTER);
    await put('agents/greeter.prompt', PROMPT);
    await open();
    const before = catalog.definitions.value.map(({ info }) => [info.approval, info.digest]);
    await put('lattice.yaml', `${COUNTER}    approval: required\n`);
    await put('agents/greeter.prompt', PROMPT.replace('tags:', 'approval: required\ntags:'));
    await catalog.reload();
    const after = catalog.definitions.value.map(({ info }) => [info.approval, info.digest]);
    expect(after.map(([approval]) => approval)).toEqual(['required', 'required']);
    expect(after.map(([, digest]) => digest)).not.toEqual(before.map(([, digest]) => digest));
    await put('lattice.yaml', `${COUNTER}    approval: maybe\n`);
    await catalog.reload();
    expect(details()[0]).toContain('approval');
    expect(catalog.definitions.value[0]?.info.approval).toBe('required');
  });

  it('has the same digest in another folder, with other line endings and other limits', async () => {
    await put(
      'lattice.yaml',
      `${COUNTER.replace('./agents/counter.mjs', join(projectDir, 'agents/counter.mjs'))}  r: {path: r.md}\n`,
    );
    await put('agents/r.md', 'line one\nline two\n');
    await open();
    const first = catalog.definitions.value.map((each) => each.info.digest);
    await close();
    projectDir = join(folder, 'elsewhere');
    await put('lattice.yaml', `${COUNTER.replace('60000', '9')}  r: {path: r.md}\n`);
    await put('agents/r.md', '\uFEFFline one\r\nline two\r\n');
    await open();
    expect(catalog.definitions.value.map((each) => each.info.digest)).toEqual(first);
  });
});
