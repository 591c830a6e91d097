import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unproven } from '../../src-shared/protocol/sender.ts';
import { Catalog } from '../agents/catalog.ts';
import { CommandRunner } from '../agents/command-runner.ts';
import { Engine } from '../agents/engine.ts';
import type { RunOutcome } from '../agents/runner.ts';
import { LatticeConfig } from './lattice-config.ts';
import { initProject } from './template.ts';
import { DEFAULT_TEMPLATE } from './template-files.ts';

let folder: string;
let project: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-template-'));
  project = join(folder, 'new/project');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('initProject', () => {
  it('writes every file of the template, as it is in resources', async () => {
    const { written, kept } = await initProject(project);
    expect(kept).toEqual([]);
    const source = join(import.meta.dirname, '../../resources/templates/default');
    const names = (await readdir(source, { recursive: true, withFileTypes: true })).filter((each) =>
      each.isFile(),
    );
    expect(written).toHaveLength(names.length);
    for (const path of written)
      expect(await readFile(join(project, path), 'utf8')).toBe(await readFile(join(source, path), 'utf8'));
  });

  it('does not touch what is there', async () => {
    await mkdir(join(project, 'agents'), { recursive: true });
    await writeFile(join(project, 'agents/counter.mjs'), 'mine');
    expect(await initProject(project)).toMatchObject({ kept: ['agents/counter.mjs'] });
    expect(await readFile(join(project, 'agents/counter.mjs'), 'utf8')).toBe('mine');
    await writeFile(join(project, 'lattice.yaml'), 'name: mine\n');
    await expect(initProject(project)).rejects.toMatchObject({ code: 'conflict' });
    expect(await readFile(join(project, 'lattice.yaml'), 'utf8')).toBe('name: mine\n');
  });

  it('replaces what is there when it is told to', async () => {
    await initProject(project);
    await writeFile(join(project, 'lattice.yaml'), 'name: mine\n');
    const { written } = await initProject(project, { force: true });
    expect(written).toEqual(Object.keys(DEFAULT_TEMPLATE));
    expect(await readFile(join(project, 'lattice.yaml'), 'utf8')).toBe(DEFAULT_TEMPLATE['lattice.yaml']);
  });

  it('writes nothing through a link', async () => {
    await mkdir(join(folder, 'elsewhere'));
    await mkdir(project, { recursive: true });
    await symlink(join(folder, 'elsewhere'), join(project, 'agents'));
    await expect(initProject(project)).rejects.toMatchObject({ code: 'unsafe' });
    expect(await readdir(join(folder, 'elsewhere'))).toEqual([]);
  });

  it('says when the folder cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(initProject(join(folder, 'file'))).rejects.toMatchObject({ code: 'io_failed' });
  });
});

describe('the demo agents', () => {
  async function run(name: string, task: string, context: Record<string, unknown> = {}): Promise<RunOutcome> {
    await initProject(project, { force: true });
    const config = await LatticeConfig.open({ projectDir: project });
    const catalog = new Catalog({ config, dataDir: join(folder, 'data') });
    await catalog.ready;
    expect(catalog.problems.value).toEqual([]);
    const agent = catalog.definitions.value.find((each) => each.info.name === name);
    await catalog[Symbol.asyncDispose]();
    await config[Symbol.asyncDispose]();
    if (agent === undefined) throw new Error(`No agent ${name}`);
    const environment = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` };
    const command = new CommandRunner({ environment });
    return new Engine({ command, acp: command, model: command }).run(
      { workId: 'w', attempt: 1, agent, task, context },
      {
        signal: new AbortController().signal,
        sender: unproven('anna'),
        report: () => undefined,
        ask: () => Promise.reject(new Error('nobody')),
        assign: () => Promise.reject(new Error('nobody')),
      },
    );
  }
  const resultOf = (outcome: RunOutcome) =>
    outcome.status === 'completed' ? outcome.result : JSON.stringify(outcome);

  it('report the system', async () => {
    expect(resultOf(await run('system-reporter', 'now'))).toMatch(
      /^Machine .*\nUp for .*\nProcessor +\d+ % of \d+ cores/,
    );
  });

  it('analyse a text, from the task or from the context', async () => {
    const fromTask = resultOf(await run('text-analyser', 'The cat. The dog!', {}));
    expect(fromTask).toMatch(/Words +4 \(3 different\)\nSentences +2\n/);
    expect(fromTask).toMatch(/ 2 {2}the\n/);
    const strict = resultOf(
      await run('text-analyser', 'x', { text: 'The the', ignore_case: 'false', top: '1' }),
    );
    expect(strict).toMatch(/Words +2 \(2 different\)/);
    expect(strict.split('\n').at(-1)).toMatch(/ 1 {2}The/);
  });

  it('count', async () => {
    expect(resultOf(await run('counter', 'count', { to: 3, delay_ms: 1 }))).toBe('Counted to 3.');
  });

  it('greet, and refuse a language they do not know', async () => {
    expect(resultOf(await run('greeter', 'hi', { language: 'french' }))).toBe('Bonjour, world');
    expect(await run('greeter', 'hi', { language: 'klingon' })).toMatchObject({
      status: 'failed',
      error: { code: 'invalid_input', message: expect.stringContaining('language') },
    });
  });
});
