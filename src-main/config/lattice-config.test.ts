import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { formatDiagnostic } from '../../src-shared/lattice-yaml/diagnostic.ts';
import { Catalog } from '../agents/catalog.ts';
import { LatticeConfig, loadLatticeConfig } from './lattice-config.ts';

const SOON = { timeout: 10_000, interval: 10 };

let folder = '';
let projectDir = '';
let configDir = '';
let config: LatticeConfig | undefined;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'lattice-config-')));
  projectDir = join(folder, 'project');
  configDir = join(folder, 'settings/lattice');
});
afterEach(async () => {
  await config?.[Symbol.asyncDispose]();
  config = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function put(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

const own = (text: string) => put(join(configDir, 'lattice.yaml'), text);
const project = (text: string) => put(join(projectDir, 'lattice.yaml'), text);
const local = (text: string) => put(join(projectDir, 'lattice.local.yaml'), text);
const open = async () => {
  config = await LatticeConfig.open({ projectDir, configDir });
  return config;
};
const now = () => {
  if (config === undefined) throw new Error('not open');
  return config.current.value;
};
const said = () => now().diagnostics.map(formatDiagnostic);

describe('LatticeConfig', () => {
  it('lays the local file over the project over the file of the person', async () => {
    await own('name: mine\nauthor: me\nproviders:\n  openai: {env: MY_KEY, local_budget: 5}\n');
    await project('name: team\nproviders:\n  openai: {env: TEAM_KEY}\n  ollama: {models: [a, b]}\n');
    await local('providers:\n  ollama: {models: [a]}\n');
    const { current } = await open();
    expect(current.value.document).toEqual({
      name: 'team',
      author: 'me',
      providers: { openai: { env: 'TEAM_KEY', local_budget: 5 }, ollama: { models: ['a'] } },
    });
    expect(current.value.routing.providers.map((each) => each.name)).toEqual(['openai', 'ollama']);
    expect(current.value.layers.map(({ scope, path, exists }) => [scope, path, exists])).toEqual([
      ['global', join(configDir, 'lattice.yaml'), true],
      ['project', join(projectDir, 'lattice.yaml'), true],
      ['local', join(projectDir, 'lattice.local.yaml'), true],
    ]);
  });

  it('sees each of the three files come, change and go, also with their folders', async () => {
    await open();
    expect(now()).toMatchObject({ document: {}, diagnostics: [], broken: false });
    expect(now().layers.some((layer) => layer.exists)).toBe(false);
    for (const [write, path] of [
      [own, join(configDir, 'lattice.yaml')],
      [project, join(projectDir, 'lattice.yaml')],
      [local, join(projectDir, 'lattice.local.yaml')],
    ] as const) {
      await write('name: first\n');
      await vi.waitFor(() => expect(now().document.name).toBe('first'), SOON);
      await write('name: second\n');
      await vi.waitFor(() => expect(now().document.name).toBe('second'), SOON);
      await writeFile(`${path}.new`, 'name: renamed\n');
      await rename(`${path}.new`, path);
      await vi.waitFor(() => expect(now().document.name).toBe('renamed'), SOON);
      await rm(dirname(path), { recursive: true });
      await vi.waitFor(() => expect(now().document).toEqual({}), SOON);
    }
  });

  it('tells which plugins are not installed, live', async () => {
    await project('name: team\nplugins: [left-pad@1.3.0, "@team/notes", "x; touch y"]\n');
    config = await LatticeConfig.open({ projectDir, configDir, checkPlugins: true });
    const missing = () => said().filter((each) => each.includes('is not installed'));
    expect(missing()).toEqual([
      expect.stringContaining('The plugin left-pad is not installed.'),
      expect.stringContaining('The plugin @team/notes is not installed.'),
    ]);
    expect(now().diagnostics.map(({ severity }) => severity)).toEqual(['warning', 'warning', 'error']);
    const modules = join(projectDir, '.lattice-plugins/node_modules');
    await put(join(modules, '@team/notes/package.json'), '{"version":"1.0.0"}');
    await vi.waitFor(() => expect(missing()).toEqual([expect.stringContaining('left-pad')]), SOON);
    await put(join(modules, 'left-pad/package.json'), '{"version":"1.3.0"}');
    await vi.waitFor(() => expect(missing()).toEqual([]), SOON);
    await rm(modules, { recursive: true });
    await vi.waitFor(() => expect(missing()).toHaveLength(2), SOON);
  });

  it('keeps the last good document while a file is broken, and says where it is', async () => {
    await project('name: good\n');
    await open();
    await project('name: [\n');
    await vi.waitFor(() => expect(now().broken).toBe(true), SOON);
    expect(now().document).toEqual({ name: 'good' });
    expect(said()[0]).toMatch(/^lattice\.yaml:1:8: /);
    await local('author: [\n');
    await vi.waitFor(() => expect(now().diagnostics).toHaveLength(2), SOON);
    await rm(join(projectDir, 'lattice.local.yaml'));
    await project('name: better\n');
    await vi.waitFor(() => expect(now().document).toEqual({ name: 'better' }), SOON);
    expect(now()).toMatchObject({ broken: false, diagnostics: [] });
  });

  it('keeps the part that gets a mistake as it last was, and takes the other changes', async () => {
    await project(
      'name: one\nproviders:\n  openai: {env: KEY, local_budget: 50}\n  other: {env: O}\nversion: 1\n',
    );
    await open();
    await project(
      'name: two\nproviders:\n  openai: {env: KEY, local_budget: much}\n  new: {env: N}\nversion: [1]\n',
    );
    await vi.waitFor(() => expect(now().document.name).toBe('two'), SOON);
    expect(now().document).toEqual({
      name: 'two',
      version: 1,
      providers: { openai: { env: 'KEY', local_budget: 50 }, new: { env: 'N' } },
    });
    expect(now().broken).toBe(false);
    expect(said()).toHaveLength(2);
  });

  it('follows a file of the person that is a link, and no link of a project that leads out of it', async () => {
    const target = join(folder, 'dotfiles/lattice.yaml');
    await put(target, 'name: linked\n');
    await mkdir(configDir, { recursive: true });
    await symlink(target, join(configDir, 'lattice.yaml'));
    await open();
    expect(now().document.name).toBe('linked');
    await put(target, 'name: changed\n');
    await vi.waitFor(() => expect(now().document.name).toBe('changed'), SOON);
    await mkdir(projectDir, { recursive: true });
    await symlink(target, join(projectDir, 'lattice.yaml'));
    await vi.waitFor(() => expect(said()).toHaveLength(1), SOON);
    expect(said()[0]).toMatch(/lies outside the project folder/);
    expect(now().broken).toBe(true);
  });

  it.each([
    ['10 MB', `a: ${'x'.repeat(10 * 1024 * 1024)}`, /the limit is 1 MiB/],
    ['an alias bomb', `a: &a [1,1,1,1,1,1,1,1,1,1]\n${bomb('a', 8)}`, /repeats too much/],
    ['a tab', 'agents:\n\ta: 1\n', /tab cannot indent/],
    ['a key twice', 'name: a\nname: b\n', /name is there twice/],
    ['a key of the prototype', '__proto__: {polluted: true}\n', /__proto__ is not allowed/],
    ['noise', '\u0000\u0001\uFFFE{[&*!', /./],
  ])('says what is wrong with %s and stays as it was', async (_what, text, message) => {
    await project('name: good\n');
    await open();
    await project(text);
    await vi.waitFor(() => expect(said()[0]).toMatch(message), SOON);
    expect(now().document).toEqual({ name: 'good' });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('takes a folder in place of a file for a mistake', async () => {
    await mkdir(join(projectDir, 'lattice.yaml'), { recursive: true });
    await open();
    expect(said()).toEqual(['lattice.yaml:1:1: lattice.yaml is not a file.']);
  });
});

describe('loadLatticeConfig', () => {
  it('finds the project of a folder upwards', async () => {
    await project('name: team\n');
    const deep = join(projectDir, 'src/deep');
    await mkdir(deep, { recursive: true });
    const loaded = await loadLatticeConfig({ folder: deep });
    expect(loaded).toMatchObject({ projectDir, document: { name: 'team' } });
    expect(loaded.layers.map((layer) => layer.scope)).toEqual(['project', 'local']);
  });
});

describe('agents of the person', () => {
  it('have their prompts beside the file that names them, until a project names its own', async () => {
    await own('agents:\n  helper: {path: helper.md}\n');
    await put(join(configDir, 'agents/helper.md'), '---\ndescription: Mine\n---\nHelp.\n');
    await open();
    const catalog = new Catalog({ config: config ?? (await open()), dataDir: join(folder, 'data') });
    try {
      await catalog.ready;
      const described = () => catalog.definitions.value.map((each) => each.info.description);
      expect(catalog.problems.value).toEqual([]);
      expect(catalog.definitions.value).toMatchObject([
        {
          run: { prompt: { text: '---\ndescription: Mine\n---\nHelp.\n' } },
          source: join(configDir, 'lattice.yaml'),
        },
      ]);
      await put(join(configDir, 'agents/helper.md'), '---\ndescription: Still mine\n---\nHelp.\n');
      await vi.waitFor(() => expect(described()).toEqual(['Still mine']), SOON);
      await put(join(projectDir, 'agents/team.md'), '---\ndescription: Ours\n---\nHelp.\n');
      await project('agents:\n  helper: {path: team.md}\n');
      await vi.waitFor(() => expect(described()).toEqual(['Ours']), SOON);
    } finally {
      await catalog[Symbol.asyncDispose]();
    }
  });
});

function bomb(name: string, levels: number): string {
  const below = (level: number) => (level === 0 ? name : `${name}${level - 1}`);
  return Array.from({ length: levels }, (_, level) => {
    const alias = `*${below(level)}`;
    return `${name}${level}: &${name}${level} [${Array.from({ length: 10 }, () => alias).join(',')}]\n`;
  }).join('');
}
