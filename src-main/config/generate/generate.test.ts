import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadLatticeConfig } from '../lattice-config.ts';
import { generate } from './generate.ts';
import { compareFiles, writeFiles } from './written-files.ts';

const shared = join(import.meta.dirname, '../../../../shared');
const seed = join(shared, 'seeds/004_2d6b6a02cbdf091e.txt');
const ohMyOpenCodeSchema = process.env.LATTICE_OH_MY_OPENCODE_SCHEMA ?? '';
const golden = join(shared, 'golden/opencode/config-1.18.33.schema.json');

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lattice-generate-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

const load = () => loadLatticeConfig({ folder: root });

const SMALL = `
providers:
  openai: { env: OPENAI_API_KEY }
  ollama: { models: ['llama3.1:8b'] }
plugins: [left-pad@1.3.0, 'github:someone/my-plugin@v0.1.0', 'file:../local', oh-my-opencode@4.19.4]
plugin_config:
  left-pad: { width: 3 }
  oh-my-opencode: { disabled_agents: [oracle], agents: { architect: { variant: high } } }
defaults: { routing: [openai/gpt-4o] }
agents:
  architect:
    path: architect.md
    description: Designs
    triggers: [/plan, /design]
    routing: [openai/gpt-5.2, ollama/llama3.1:8b]
  implementer:
    path: implementer.md
    routing: { strategy: pattern, pattern: [openai/gpt-4o, ollama/llama3.1:8b, openai/gpt-4o] }
  script:
    run: { command: [node, x.mjs] }
mcp:
  context7: { enabled: true, description: Docs }
  grep_app: { enabled: false }
  mine: { command: "node './my server.js' --x", env: { API_KEY: '\${MY_API_KEY}' } }
  there: { url: 'https://\${HOST}/mcp', headers: { Authorization: 'Bearer \${TOKEN}' } }
  unheard: {}
`;

async function small() {
  await put('lattice.yaml', SMALL);
  await put('agents/architect.md', '---\ntemperature: 0.7\nmodel_preference: big\n---\n\nYou design.\n');
  await put('agents/implementer.md', 'You write code.\n');
  return generate(await load());
}

const jsonOf = (files: readonly { path: string; text: string }[], path: string): Record<string, unknown> =>
  JSON.parse(files.find((file) => file.path === path)?.text ?? 'null');

describe('generate', () => {
  it('maps agents, triggers, providers, servers and plugins to the V1 shape', async () => {
    const { files, notes } = await small();
    expect(files.map((file) => file.path)).toEqual([
      'opencode.json',
      '.opencode/oh-my-opencode.json',
      '.opencode/agents/architect.md',
      '.opencode/agents/implementer.md',
    ]);
    expect(jsonOf(files, 'opencode.json')).toEqual({
      $schema: 'https://opencode.ai/config.json',
      model: 'openai/gpt-4o',
      provider: {
        openai: { options: { apiKey: '{env:OPENAI_API_KEY}' } },
        ollama: {
          npm: '@ai-sdk/openai-compatible',
          name: 'ollama',
          options: { baseURL: 'http://localhost:11434/v1' },
          models: { 'llama3.1:8b': { name: 'llama3.1:8b' } },
        },
      },
      command: {
        plan: { template: '$ARGUMENTS', agent: 'architect', description: 'Designs' },
        design: { template: '$ARGUMENTS', agent: 'architect', description: 'Designs' },
      },
      mcp: {
        context7: { type: 'remote', url: 'https://mcp.context7.com/mcp', enabled: true },
        grep_app: { type: 'remote', url: 'https://mcp.grep.app', enabled: false },
        mine: {
          type: 'local',
          command: ['node', './my server.js', '--x'],
          environment: { API_KEY: '{env:MY_API_KEY}' },
          enabled: true,
        },
        there: {
          type: 'remote',
          url: 'https://{env:HOST}/mcp',
          headers: { Authorization: 'Bearer {env:TOKEN}' },
          enabled: true,
        },
        unheard: { enabled: true },
      },
      plugin: [
        ['left-pad@1.3.0', { width: 3 }],
        './.lattice-plugins/node_modules/my-plugin',
        './.lattice-plugins/node_modules/local',
        'oh-my-opencode@4.19.4',
      ],
    });
    expect(jsonOf(files, '.opencode/oh-my-opencode.json')).toEqual({
      disabled_agents: ['oracle'],
      agents: {
        architect: { variant: 'high' },
        implementer: { model: 'openai/gpt-4o', fallback_models: ['ollama/llama3.1:8b'] },
      },
      disabled_mcps: ['grep_app'],
      git_master: { commit_footer: true, include_co_authored_by: true, git_env_prefix: 'GIT_MASTER=1' },
      runtime_fallback: true,
    });
    expect(files[2]?.text).toBe(
      '---\n# Written by lattice generate from lattice.yaml. Change it there, or the next run refuses to go on.\n' +
        'description: Designs\nmode: all\nmodel: openai/gpt-5.2\ntemperature: 0.7\n---\n\nYou design.\n',
    );
    expect(notes).toEqual([
      'implementer is routed by pattern, which OpenCode cannot do by itself; it gets openai/gpt-4o.',
      'script has no markdown prompt, so OpenCode does not get it.',
      'Nothing is known about the MCP server unheard; opencode.json only switches it. Give it a url: or a command:.',
    ]);
  });

  it('lets every model call go through a gateway when there is one', async () => {
    await small();
    const { files, notes } = await generate(await load(), { url: 'http://127.0.0.1:4100/v1' });
    expect(jsonOf(files, 'opencode.json')).toMatchObject({
      model: 'lattice/architect',
      provider: {
        lattice: {
          options: { baseURL: 'http://127.0.0.1:4100/v1', apiKey: '{env:LATTICE_GATEWAY_KEY}' },
          models: { implementer: { tool_call: true } },
        },
      },
    });
    expect(files.find((file) => file.path.endsWith('implementer.md'))?.text).toContain(
      'model: lattice/implementer\n',
    );
    expect(notes.join('\n')).not.toContain('pattern');
  });

  it('refuses prompts outside of the project, a shell in a server, and plugins that are none', async () => {
    await put('agents/architect.md', 'x');
    const refusals = {
      'agents: { a: { path: ../../../../../../etc/passwd.md } }': 'unsafe',
      'mcp: { a: { command: "node x.js; rm -rf ~" } }': 'invalid_input',
      'mcp: { a: { command: "node \'x" } }': 'invalid_input',
      'plugins: ["x; touch /tmp/y"]': 'invalid_input',
      'plugins: ["file:../../.."]': 'invalid_input',
      'plugins: ["--ignore-scripts=false"]': 'invalid_input',
      'agents: [': 'invalid_input',
    };
    for (const [yaml, code] of Object.entries(refusals)) {
      await put('lattice.yaml', yaml);
      await expect(
        load().then((loaded) => generate(loaded)),
        yaml,
      ).rejects.toMatchObject({ code });
    }
  });
});

describe('written files', () => {
  it('are written once, then the same, then changed with lattice.yaml, and go with their agent', async () => {
    const first = await small();
    const kinds = async (files = first.files) => (await compareFiles(root, files)).map(({ kind }) => kind);
    expect(await kinds()).toEqual(['new', 'new', 'new', 'new']);
    await writeFiles(root, await compareFiles(root, first.files), { force: false });
    expect(await kinds()).toEqual(['same', 'same', 'same', 'same']);

    await put(
      'lattice.yaml',
      SMALL.replace('gpt-5.2', 'gpt-6').replace(/ {2}implementer:[\s\S]*? {2}script:/, '  script:'),
    );
    const next = await generate(await load());
    const changes = await compareFiles(root, next.files);
    expect(changes.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      'same opencode.json',
      'changed .opencode/oh-my-opencode.json',
      'changed .opencode/agents/architect.md',
      'gone .opencode/agents/implementer.md',
    ]);
    expect(changes[2]?.diff).toContain('-model: openai/gpt-5.2\n+model: openai/gpt-6\n');
    await writeFiles(root, changes, { force: false });
    expect(existsSync(join(root, '.opencode/agents/implementer.md'))).toBe(false);
  });

  it('never replace what somebody else wrote or changed, unless told to, and then keep it', async () => {
    const { files } = await small();
    await put('opencode.json', '{"theme":"mine"}');
    const write = async (force: boolean) => writeFiles(root, await compareFiles(root, files), { force });
    await expect(write(false)).rejects.toMatchObject({
      code: 'conflict',
      message: /opencode\.json was not written/,
    });
    expect(existsSync(join(root, '.opencode'))).toBe(false);
    await write(true);
    expect(await readFile(join(root, 'opencode.json.before-lattice'), 'utf8')).toBe('{"theme":"mine"}');

    await put('.opencode/agents/architect.md', 'by hand');
    await expect(write(false)).rejects.toMatchObject({ code: 'conflict', message: /changed by hand/ });
    expect(await readFile(join(root, '.opencode/agents/architect.md'), 'utf8')).toBe('by hand');
  });

  it('go through no link, and a manifest cannot name files that are not ours', async () => {
    const { files } = await small();
    const elsewhere = await mkdtemp(join(tmpdir(), 'lattice-elsewhere-'));
    try {
      await symlink(elsewhere, join(root, '.opencode'));
      await expect(compareFiles(root, files)).rejects.toMatchObject({ code: 'unsafe' });
      await rm(join(root, '.opencode'));
      await put('src/main.ts', 'mine');
      const digest = '0'.repeat(64);
      await put(
        '.opencode/lattice-generated.json',
        JSON.stringify({ files: { 'src/main.ts': digest, '../x': digest } }),
      );
      expect((await compareFiles(root, files)).map(({ path }) => path)).not.toContain('src/main.ts');
      await put('.opencode/lattice-generated.json', '{"files":');
      await expect(compareFiles(root, files)).rejects.toMatchObject({
        code: 'io_failed',
        message: /damaged/,
      });
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
  });
});

describe.runIf(existsSync(seed))('the seed', () => {
  /** Generates from the full example of the design document. */
  async function full() {
    const text = await readFile(seed, 'utf8');
    const example = /```yaml\n(# lattice\.yaml\n# The complete[\s\S]*?)```/.exec(text)?.[1] ?? '';
    await put('lattice.yaml', example);
    for (const [, path] of example.matchAll(/path: (\S+\.md)/g))
      await put(`agents/${path}`, `You are ${path}.\n`);
    return (await generate(await load())).files;
  }

  it.runIf(ohMyOpenCodeSchema !== '')(
    'becomes settings that the schema of oh-my-opencode accepts',
    async () => {
      const files = await full();
      const schema = JSON.parse(await readFile(ohMyOpenCodeSchema, 'utf8'));
      const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
      const settings = jsonOf(files, '.opencode/oh-my-opencode.json');
      expect(validate(settings), JSON.stringify(validate.errors)).toBe(true);
      expect(Object.keys(settings.agents as object)).not.toEqual([]);
      expect(validate({ ...settings, disabled_mcps: 'context7' })).toBe(false);
    },
  );

  it('becomes files that the schema of OpenCode 1.18 accepts', async () => {
    const files = await full();
    expect(files).toHaveLength(12);
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(await readFile(golden, 'utf8')));
    const config = jsonOf(files, 'opencode.json');
    expect(validate(config), JSON.stringify(validate.errors)).toBe(true);
    expect(Object.keys(config.command as object)).toEqual(
      expect.arrayContaining(['architect', 'design', 'plan', 'q']),
    );
    expect(validate({ ...config, mcp: { x: { type: 'local', command: 'node x' } } })).toBe(false);
  });
});
