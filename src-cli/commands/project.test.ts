import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { addProjectCommands } from './project.ts';

let folder = '';
let project = '';
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'lattice-validate-')));
  project = join(folder, 'project');
  await mkdir(join(project, 'agents'), { recursive: true });
  await mkdir(join(folder, 'config'));
  vi.stubEnv('LATTICE_HOME', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  process.exitCode = 0;
  await rm(folder, { recursive: true });
});

/** Runs the command line; gives what it wrote to stdout and its exit code. */
async function run(...argv: string[]): Promise<{ out: string; code: unknown }> {
  process.exitCode = 0;
  const written: string[] = [];
  const spy = vi
    .spyOn(process.stdout, 'write')
    .mockImplementation((chunk) => written.push(String(chunk)) > 0);
  const program = new Command('lattice').option('--json').exitOverride();
  addProjectCommands(program);
  try {
    await program.parseAsync(argv, { from: 'user' });
  } finally {
    spy.mockRestore();
  }
  return { out: written.join(''), code: process.exitCode };
}

const put = (path: string, text: string) => writeFile(join(folder, path), text);

describe('lattice validate', () => {
  test('reads all three files and says which, with who made the workflow', async () => {
    await put('config/lattice.yaml', 'author: somebody\nproviders: {ollama: {models: [a]}}\n');
    await put(
      'project/lattice.yaml',
      'name: team\nversion: 1.2.0\nagents: {a: {path: a.md, routing: [ollama/a]}}\n',
    );
    await put('project/lattice.local.yaml', 'agents: {a: {tags: [x]}}\n');
    await put('project/agents/a.md', 'Help.\n');
    const { out, code } = await run('validate', join(project, 'agents'));
    expect(out).toBe(
      `team 1.2.0 by somebody\nglobal  ${folder}/config/lattice.yaml\nproject ${project}/lattice.yaml\nlocal   ${project}/lattice.local.yaml\n1 agent, 0 errors, 0 warnings in ${project}\n`,
    );
    expect(code).toBe(0);
  });

  test('fails with every mistake at its place, as JSON too', async () => {
    await put(
      'project/lattice.yaml',
      'providers: {openai: {}}\nagents:\n  a: {path: ../../etc/passwd, routing: [opnai/x]}\n  b: {path: gone.md}\n',
    );
    const { out, code } = await run('validate', project);
    expect(code).toBe(1);
    expect(out.split('\n').slice(0, 3)).toEqual([
      'error lattice.yaml:3:41: There is no provider opnai, so opnai/x is never taken. Did you mean openai?',
      expect.stringMatching(/^error lattice\.yaml:3:13: \S+etc\/passwd lies outside the project folder\./),
      'error lattice.yaml:4:13: There is no file agents/gone.md.',
    ]);
    const json = JSON.parse((await run('--json', 'validate', project)).out);
    expect(json).toMatchObject({
      ok: true,
      data: {
        project,
        agents: 0,
        errors: 3,
        warnings: 0,
        diagnostics: [{ line: 3, column: 41, text: 'opnai/x' }, {}, {}],
      },
    });
  });

  test('lets warnings pass, unless it is strict', async () => {
    await put(
      'project/lattice.yaml',
      `agnets: {}\nmcp: {a: {url: "http://x", headers: {K: "\${TEST_GONE}"}}}\n`,
    );
    expect(await run('validate', project)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/The variable TEST_GONE is not set/),
    });
    expect((await run('validate', project, '--strict')).code).toBe(1);
  });

  test('says which plugins are not installed', async () => {
    await put('project/lattice.yaml', 'plugins: [here@1.0.0, "gone@1.0.0"]\n');
    await mkdir(join(project, '.lattice-plugins/node_modules/here'), { recursive: true });
    await put('project/.lattice-plugins/node_modules/here/package.json', '{"version":"1.0.0"}');
    const { diagnostics } = JSON.parse((await run('--json', 'validate', project)).out).data;
    expect(diagnostics.map((each: { message: string }) => each.message)).toEqual([
      'The plugin gone is not installed.',
    ]);
  });

  test('shows what the files say together, without secrets', async () => {
    await put('config/lattice.yaml', 'providers: {openai: {env: MY_KEY}}\n');
    await put(
      'project/lattice.yaml',
      'name: team\nmcp: {a: {url: "http://x", headers: {Authorization: Bearer abc, X: "$' +
        '{NAME}"}}}\napi_token: abc\n',
    );
    const { out } = await run('validate', project, '--resolved');
    expect(out).toContain('providers:\n  openai:\n    env: MY_KEY\n');
    expect(out).toContain('Authorization: (set)');
    expect(out).toContain('X: ${' + 'NAME}');
    expect(out).not.toContain('abc');
    const json = JSON.parse((await run('--json', 'validate', project, '--resolved')).out);
    expect(json.data.resolved).toMatchObject({ name: 'team', api_token: '(set)' });
  });

  test('says when there is nothing to check', async () => {
    await expect(run('validate', project)).rejects.toMatchObject({
      code: 'not_found',
      hint: 'Write one with lattice init.',
    });
  });
});

describe('lattice schema', () => {
  test('prints a JSON Schema', async () => {
    const schema = JSON.parse((await run('schema')).out);
    expect(schema.properties.agents.description).toBe('The agents of the project, by name.');
  });
});
