import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CST, Parser, parse } from 'yaml';
import { formatDiagnostic } from '../../src-shared/lattice-yaml/diagnostic.ts';
import { isMap } from '../../src-shared/lattice-yaml/merge.ts';
import { readLatticeYaml } from '../../src-shared/lattice-yaml/read.ts';
import { matchAgent, routingDocument } from '../../src-shared/routing/document.ts';
import { planRouting } from '../../src-shared/routing/plan.ts';
import { Catalog } from '../agents/catalog.ts';
import { LatticeConfig } from './lattice-config.ts';
import type { LoadedLattice } from './lattice-config-files.ts';

const ROOT = join(import.meta.dirname, '../..');
const SEEDS = join(ROOT, '../shared/seeds');
const file = existsSync(SEEDS) ? readdirSync(SEEDS).find((name) => name.startsWith('004_')) : undefined;
const seed = file === undefined ? '' : readFileSync(join(SEEDS, file), 'utf8');
const blocks = [...seed.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');
const full = blocks.find((text) => text.includes('# The complete definition')) ?? '';
const shared = blocks.find((text) => text.includes('author: dpshade')) ?? '';
const localExample = blocks.find((text) => text.startsWith('# lattice.local.yaml')) ?? '';
const SECTIONS = [
  'name',
  'vcs',
  'plugins',
  'providers',
  'defaults',
  'agents',
  'plugin_config',
  'mcp',
  'commands',
  'hooks',
];

/** Keys that only hold others. */
const HOLDERS = new Set(['vcs', 'vcs.config', 'providers', 'defaults', 'agents', 'mcp', 'commands', 'hooks']);

/** The keys of a document; names that a person chooses are `*`. */
function keysOf(value: unknown, path: string[] = []): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => (isMap(item) ? keysOf(item, path) : []));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const parent = path.at(-1) ?? '';
    const isName =
      path[0] === 'plugin_config' ||
      parent === 'weights' ||
      (path.length === 1 && ['agents', 'providers', 'mcp', 'commands'].includes(parent)) ||
      (path[0] === 'mcp' && parent === 'env');
    const inner = [...path, isName ? '*' : key];
    return [...(isName ? [] : [inner.join('.')]), ...keysOf(child, inner)];
  });
}

describe.skipIf(seed === '')('the design document of lattice.yaml', () => {
  let folder = '';
  let config: LatticeConfig;
  let catalog: Catalog;
  const now = (): LoadedLattice => config.current.value;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lattice-seed-'));
    const projectDir = join(folder, 'project');
    await mkdir(join(projectDir, 'agents'), { recursive: true });
    await writeFile(join(projectDir, 'lattice.yaml'), full);
    for (const [name, agent] of Object.entries(parse(full).agents))
      await writeFile(join(projectDir, 'agents', `${name}.md`), `You are ${JSON.stringify(agent)}\n`);
    config = await LatticeConfig.open({ projectDir, hasVariable: () => true });
    catalog = new Catalog({ config, dataDir: join(folder, 'data') });
    await catalog.ready;
  });
  afterAll(async () => {
    await catalog[Symbol.asyncDispose]();
    await config[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  it('has a full example that loads without a doubt', () => {
    expect(now().diagnostics.map(formatDiagnostic)).toEqual([]);
    expect(catalog.problems.value).toEqual([]);
    expect(catalog.definitions.value.map((each) => each.info.name)).toEqual(
      Object.keys(parse(full).agents).sort(),
    );
    expect(now().document).toEqual(parse(full));
  });

  it.each([
    ['the full example', full],
    ['the shared workflow', shared],
    ['the local file', localExample],
  ])('has %s, which goes through reading and printing byte for byte', (_name, text) => {
    expect(text).not.toBe('');
    expect([...new Parser().parse(text)].map((token) => CST.stringify(token)).join('')).toBe(text);
    const { value, diagnostics } = readLatticeYaml([{ source: 'lattice.yaml', text }]);
    expect(diagnostics).toEqual([]);
    expect(value).toEqual(parse(text));
  });

  it('has examples of sections that are all valid', () => {
    const examples = blocks.filter((text) =>
      SECTIONS.some((name) => new RegExp(`^${name}:`, 'm').test(text)),
    );
    expect(examples.length).toBeGreaterThan(25);
    for (const text of examples)
      expect(readLatticeYaml([{ source: text, text }]).diagnostics.map(formatDiagnostic)).toEqual([]);
  });

  it('has no key that the reference page does not place', () => {
    const page = readFileSync(join(ROOT, 'docs/lattice-yaml.md'), 'utf8').split('## Commands')[0] ?? '';
    const documents = blocks.map((text) => readLatticeYaml([{ source: 'block', text }]).value ?? {});
    const keys = [...new Set(documents.flatMap((document) => keysOf(document)))].filter(
      (key) =>
        [...SECTIONS, 'description', 'version', 'author'].includes(key.split('.')[0] ?? '') &&
        !HOLDERS.has(key),
    );
    expect(keys.length).toBeGreaterThan(50);
    const placed = new Set(
      [...page.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, cell]) => (cell ?? '').match(/[^`,\s]+/g)),
    );
    expect(
      keys
        .map((key) => key.replaceAll('agents.*.routing', 'routing').replaceAll('defaults.routing', 'routing'))
        .filter((key) => !placed.has(key)),
    ).toEqual([]);
  });

  it('names commands that the reference page places', () => {
    const page = readFileSync(join(ROOT, 'docs/lattice-yaml.md'), 'utf8');
    const section = seed.slice(seed.indexOf('\n## Commands'), seed.indexOf('\n## VCS Presets'));
    const commands = [
      ...section.matchAll(
        /^lattice ([a-z]+(?: --from)?(?: (?:sync|add|update|reset|undo|push|status|providers|agents)\b)?)/gm,
      ),
    ].map(([, name]) => name ?? '');
    expect(new Set(commands).size).toBeGreaterThan(15);
    for (const command of commands) expect(page).toMatch(new RegExp(`^\\| \`lattice ${command}`, 'm'));
  });

  describe('has keys with an effect', () => {
    const agent = (name: string) => now().routing.agents.find((each) => each.name === name);
    const provider = (name: string) => now().routing.providers.find((each) => each.name === name);

    it('agents.path, description and triggers', () => {
      const architect = catalog.definitions.value.find((each) => each.info.name === 'architect');
      expect(architect?.info.description).toBe('High-level design, system architecture, technical decisions');
      expect(architect?.source).toBe(join(now().projectDir, 'lattice.yaml'));
      expect(JSON.stringify(architect?.run)).toContain('architect');
      for (const [request, name] of [
        ['/design a bridge', 'architect'],
        ['/why is it slow', 'oracle'],
        ['/fast', 'quick'],
      ])
        expect(matchAgent(now().routing, request ?? '')?.agent.name).toBe(name);
    });

    it('agents.routing as a plain list and defaults', async () => {
      expect(agent('quick')?.plan).toMatchObject({ strategy: 'fallback', problems: [] });
      expect(agent('quick')?.plan.models.map((model) => model.name)).toEqual([
        'ollama/llama3.1:8b',
        'ollama/qwen2.5-coder:32b',
        'anthropic/claude-haiku-4-5',
      ]);
      const local = join(now().projectDir, 'lattice.local.yaml');
      await writeFile(local, `${localExample}  plain: {path: quick.md}\n`);
      await config.reload();
      expect(agent('plain')).toMatchObject({ byDefault: true, plan: { strategy: 'fallback' } });
      expect(agent('plain')?.plan.models.map((model) => model.name)).toEqual(parse(full).defaults.routing);
      expect(matchAgent(now().routing, '/exp')?.agent.name).toBe('experimental');
      expect(provider('ollama')?.models).toEqual(['llama3.1:8b']);
      await rm(local);
      await config.reload();
      expect(provider('ollama')?.models).toHaveLength(4);
    });

    it('providers: env, auth, models, local_budget', () => {
      expect(provider('anthropic')).toMatchObject({ keyName: 'ANTHROPIC_API_KEY', local: false, caps: [] });
      expect(provider('openai')?.caps).toEqual([
        { scope: 'provider', name: 'openai', unit: 'usd', per: 'month', limit: 50 },
      ]);
      expect(provider('google')).toMatchObject({ keyName: undefined, local: false });
      expect(provider('ollama')).toMatchObject({ local: true });
    });

    it('routing in each of its strategies', () => {
      const strategies = blocks.flatMap((text) => {
        const { value } = readLatticeYaml([{ source: 'block', text }]);
        return routingDocument(value ?? {}).agents.flatMap(({ name, plan }) => {
          const written = value?.agents?.[name]?.routing;
          if (written === undefined || Array.isArray(written)) return [];
          expect(plan).toMatchObject({ strategy: written.strategy, problems: [] });
          return [plan.strategy];
        });
      });
      expect(new Set(strategies)).toEqual(
        new Set(['fallback', 'pattern', 'weighted', 'round_robin', 'burst']),
      );
    });

    it('routing.on_unavailable and fallback_models', () => {
      const text = blocks.find((block) => block.includes('on_unavailable: retry')) ?? '';
      for (const choice of ['next', 'retry', 'fallback']) {
        const isLeftOut = (line: string) =>
          line.trim() === '# OR' || (line.startsWith('  on_unavailable: ') && !line.includes(`: ${choice}`));
        const kept = text
          .split('\n')
          .filter((line) => !isLeftOut(line))
          .join('\n');
        const { routing } = parse(kept.slice(kept.indexOf('routing:')));
        expect(planRouting(routing).onUnavailable).toBe(choice);
        expect(planRouting(routing).fallbackModels.map((model) => model.name)).toEqual([
          'ollama/llama3.1:70b',
        ]);
      }
    });
  });
});
