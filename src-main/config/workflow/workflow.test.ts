import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readForeignFiles } from './foreign-files.ts';
import { takeWorkflow } from './take-workflow.ts';
import { planWorkflow } from './workflow-plan.ts';
import { parseWorkflowSource } from './workflow-source.ts';

let scratch: string;
let workflow: string;
let root: string;

const YAML = `
name: shared-workflow
description: A workflow
plugins: [left-pad@1.3.0]
providers: { anthropic: { env: ANTHROPIC_API_KEY }, openai: { env: OPENAI_API_KEY } }
agents:
  architect: { path: architect.md, triggers: [/plan], routing: [anthropic/claude-opus-4-5] }
  script: { run: { command: [node, ./tools/run.mjs] } }
mcp: { mine: { command: node ./tools/server.mjs } }
hooks: { pre_agent: [{ action: vcs.checkpoint }] }
`;

beforeEach(async () => {
  scratch = await realpath(await mkdtemp(join(tmpdir(), 'lattice-workflow-test-')));
  workflow = join(scratch, 'theirs');
  root = join(scratch, 'mine');
  await mkdir(root);
  await put('lattice.yaml', YAML);
  await put('agents/architect.md', 'You design.\n');
  await put('tools/run.mjs', 'ran();\n');
  await put('tools/other.mjs', 'never named\n');
  await put('README.md', 'Read me.\n');
  await put('.env', 'SECRET=1\n');
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(workflow, path)), { recursive: true });
  await writeFile(join(workflow, path), text);
}

/** Nothing of the machine's own git settings counts here. */
function git(cwd: string, ...args: string[]): string {
  const who = ['-c', 'user.name=T', '-c', 'user.email=t@example.org', '-c', 'protocol.file.allow=always'];
  const env = { PATH: process.env.PATH ?? '', HOME: scratch };
  return execFileSync('git', [...who, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'ignore'] }).toString();
}

async function bare(): Promise<string> {
  git(workflow, 'init', '-q', '-b', 'main');
  git(workflow, 'add', '-A');
  git(workflow, 'commit', '-q', '-m', 'first');
  const path = join(scratch, 'theirs.git');
  git(scratch, 'clone', '-q', '--bare', workflow, path);
  return path;
}

async function plan(source: string) {
  const foreign = await readForeignFiles(parseWorkflowSource(source, scratch));
  return planWorkflow(foreign, { root, env: { OPENAI_API_KEY: 'x' } });
}

const TAKEN = ['README.md', 'agents/architect.md', 'lattice.yaml', 'tools/run.mjs'];

describe('a workflow of somebody else', () => {
  it.each(['folder', 'bare repository', 'archive', 'archive in one folder'])(
    'comes from a %s',
    async (kind) => {
      let source = './theirs';
      if (kind === 'bare repository') source = await bare();
      if (kind.startsWith('archive')) {
        source = join(scratch, 'theirs.tar.gz');
        const whole = kind === 'archive';
        await create({ gzip: true, file: source, cwd: whole ? workflow : scratch }, [whole ? '.' : 'theirs']);
      }
      const shown = await plan(source);
      expect(shown.files.map(({ path, kind }) => `${kind} ${path}`)).toEqual(
        TAKEN.map((path) => `new ${path}`),
      );
      expect(shown).toMatchObject({
        name: 'shared-workflow',
        agents: [
          { name: 'architect', triggers: ['/plan'], models: ['anthropic/claude-opus-4-5'] },
          { name: 'script', triggers: [], models: [] },
        ],
        programs: [
          { who: 'agent script', command: 'node ./tools/run.mjs' },
          { who: 'MCP server mine', command: 'node ./tools/server.mjs' },
        ],
        hooks: [{ event: 'pre_agent', action: 'vcs.checkpoint' }],
        plugins: ['left-pad@1.3.0'],
        variables: [
          { name: 'ANTHROPIC_API_KEY', isSet: false },
          { name: 'OPENAI_API_KEY', isSet: true },
        ],
      });
      expect(existsSync(join(root, 'lattice.yaml'))).toBe(false);
      expect((await takeWorkflow(root, shown, { overwrite: false })).sort()).toEqual([...TAKEN].sort());
      expect(await readFile(join(root, 'agents/architect.md'), 'utf8')).toBe('You design.\n');
      expect(existsSync(join(root, '.env'))).toBe(false);
      expect((await plan(source)).files.every(({ kind: change }) => change === 'same')).toBe(true);
    },
  );

  it('replaces nothing without being told to, and keeps what it replaces', async () => {
    await writeFile(join(root, 'README.md'), 'my own words');
    await mkdir(join(root, 'agents'));
    await writeFile(join(root, 'agents/architect.md'), 'mine');
    const shown = await plan('./theirs');
    expect(shown.left).toEqual([{ path: 'README.md', why: 'yours stays' }]);
    await expect(takeWorkflow(root, shown, { overwrite: false })).rejects.toMatchObject({
      code: 'conflict',
      message: 'agents/architect.md is there already and differs.',
    });
    expect(existsSync(join(root, 'lattice.yaml'))).toBe(false);
    await takeWorkflow(root, shown, { overwrite: true });
    expect(await readFile(join(root, 'agents/architect.md.before-lattice'), 'utf8')).toBe('mine');
  });

  it('runs no hook or filter, follows no link and takes no other repository', async () => {
    const trap = join(scratch, 'ran');
    await put('.gitattributes', '* filter=trap\n');
    await symlink('/etc/passwd', join(workflow, 'agents/passwd.md'));
    await put('big.md', 'x'.repeat(1_100_000));
    const path = await bare();
    for (const hook of ['post-checkout', 'post-update', 'pre-receive', 'post-merge']) {
      await writeFile(join(path, 'hooks', hook), `#!/bin/sh\ntouch ${trap}\n`);
      await chmod(join(path, 'hooks', hook), 0o755);
    }
    git(path, 'config', 'filter.trap.smudge', `touch ${trap}`);
    git(path, 'config', 'uploadpack.packObjectsHook', `touch ${trap}`);
    git(path, 'config', 'core.fsmonitor', `touch ${trap}`);
    const shown = await plan(path);
    expect(shown.left).toEqual(
      expect.arrayContaining([
        { path: 'agents/passwd.md', why: 'a link' },
        { path: 'big.md', why: 'too large' },
      ]),
    );
    expect(shown.files.map(({ path: each }) => each)).toEqual(TAKEN);
    expect(shown.revision).toMatch(/^[0-9a-f]{40}$/);
    expect(existsSync(trap)).toBe(false);
  });

  it('writes through no link and not outside of the project', async () => {
    await mkdir(join(scratch, 'elsewhere'));
    await symlink(join(scratch, 'elsewhere'), join(root, 'agents'));
    await expect(plan('./theirs')).rejects.toMatchObject({ code: 'unsafe' });
    await rm(join(root, 'agents'));
    await put('lattice.yaml', 'defaults: { agents_dir: ../../.ssh }');
    await expect(plan('./theirs')).rejects.toMatchObject({ code: 'unsafe' });
  });

  it('reads no path of an archive that leads out', async () => {
    const file = join(scratch, 'bad.tar');
    await writeFile(join(scratch, 'evil.md'), 'evil');
    await create({ file, cwd: workflow, preservePaths: true }, [
      'lattice.yaml',
      '../evil.md',
      'agents/architect.md',
    ]);
    const foreign = await readForeignFiles(parseWorkflowSource(file, scratch));
    expect(foreign.left).toEqual([{ path: '../evil.md', why: 'a path that leads out' }]);
    await writeFile(join(scratch, 'not.tar.gz'), 'no archive at all');
    await expect(plan(join(scratch, 'not.tar.gz'))).rejects.toMatchObject({ code: 'io_failed' });
  });

  it('says what is wrong with one that is none', async () => {
    await put('lattice.yaml', 'agents: [');
    await expect(plan('./theirs')).rejects.toMatchObject({ code: 'invalid_input' });
    await rm(join(workflow, 'lattice.yaml'));
    await expect(plan('./theirs')).rejects.toMatchObject({ code: 'not_found' });
    await expect(plan('./nowhere')).rejects.toMatchObject({ code: 'not_found' });
    await expect(plan(`file://${scratch}/nothing.git`)).rejects.toMatchObject({ code: 'io_failed' });
  });
});

describe('a source', () => {
  it.each([
    ['dpshade/ai-workflow', 'https://github.com/dpshade/ai-workflow.git', undefined],
    ['github:dpshade/ai-workflow@v2', 'https://github.com/dpshade/ai-workflow.git', 'v2'],
    ['gitlab:group/sub/workflow', 'https://gitlab.com/group/sub/workflow.git', undefined],
    ['https://example.com/workflow.git', 'https://example.com/workflow.git', undefined],
    ['git@example.com:team/flow.git@main', 'git@example.com:team/flow.git', 'main'],
  ])('%s is a repository', (text, url, ref) => {
    expect(parseWorkflowSource(text, '/')).toEqual({ kind: 'git', url, ref, local: false });
  });

  it.each([
    '',
    '--upload-pack=touch /tmp/x',
    'ext::sh -c touch% /tmp/x',
    'github:../../etc',
    'a',
    '-x/y',
    'owner/name@--upload-pack',
    'git@-oProxyCommand=x:y',
    'git@host:-x',
    'javascript:alert(1)',
  ])('%j is refused', (text) => {
    expect(() => parseWorkflowSource(text, '/')).toThrow(/names no workflow/);
  });
});
