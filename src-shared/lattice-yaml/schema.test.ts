import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from './diagnostic.ts';
import { checkMeaning } from './meaning.ts';
import { isMap } from './merge.ts';
import { readLatticeYaml } from './read.ts';
import { isAcpRun, isCommandRun } from './run-schema.ts';
import { latticeYamlJsonSchema } from './schema.ts';

const read = (text: string) => readLatticeYaml([{ source: 'lattice.yaml', text }]);
const said = (text: string) => read(text).diagnostics.map(formatDiagnostic);

/** The keys of a JSON Schema that say nothing about themselves. */
function undescribed(schema: unknown, path = ''): string[] {
  if (Array.isArray(schema)) return schema.flatMap((each) => undescribed(each, path));
  if (!isMap(schema)) return [];
  const own = isMap(schema.properties) ? Object.entries(schema.properties) : [];
  return [
    ...own.flatMap(([key, child]) => {
      const at = `${path}.${key}`;
      return [...(isMap(child) && saysSomething(child) ? [] : [at]), ...undescribed(child, at)];
    }),
    ...['items', 'prefixItems', 'additionalProperties', 'anyOf', 'oneOf'].flatMap((key) =>
      undescribed(schema[key], path),
    ),
  ];
}

/** Every key that a JSON Schema names. */
function keysOf(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(keysOf);
  if (!isMap(schema)) return [];
  const own = isMap(schema.properties) ? schema.properties : {};
  const inner = ['items', 'prefixItems', 'additionalProperties', 'anyOf', 'oneOf'].flatMap((key) =>
    keysOf(schema[key]),
  );
  return [...new Set([...Object.keys(own), ...Object.values(own).flatMap(keysOf), ...inner])];
}

function saysSomething(schema: Record<string, unknown>): boolean {
  if (typeof schema.description === 'string') return /^[A-Z].*\.$/.test(schema.description);
  // The name of a strategy is described where the strategy is.
  if ('const' in schema) return true;
  return Array.isArray(schema.anyOf) && schema.anyOf.some((each) => isMap(each) && saysSomething(each));
}

describe('the reference page', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/lattice-yaml.md'), 'utf8');

  it('has examples that make sense', () => {
    const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');
    expect(examples).toHaveLength(2);
    for (const text of examples) {
      const { value, diagnostics, layers } = read(text);
      const [first] = layers;
      expect(diagnostics).toEqual([]);
      expect(value !== undefined && first !== undefined && checkMeaning(value, [first], {})).toEqual([]);
    }
  });

  it('names every key of the schema', () => {
    const prose = page.replaceAll(/```[\s\S]*?```/g, '');
    const named = new Set(prose.match(/`[^`]+`/g)?.flatMap((each) => each.match(/[a-z_*]+/g) ?? []));
    expect(keysOf(latticeYamlJsonSchema()).filter((key) => !named.has(key))).toEqual([]);
  });
});

describe('the JSON Schema', () => {
  it('has a sentence for every key, for the hover of an editor', () => {
    expect(undescribed(latticeYamlJsonSchema())).toEqual([]);
  });
});

describe('run', () => {
  const runs = (run: string) => read(`agents:\n  a:\n    run: ${run}\n`).value?.agents?.a?.run;

  it.each([
    '{acp: opencode}',
    '{acp: {command: [my-agent, --acp]}, mode: build}',
    '{acp: claude, permissions: {default: ask, allow: [edit, "execute:npm test*"], deny: [fetch]}, mcp: [clock]}',
    '{acp: codex, sandbox: {folder: worktree, env: [PATH_TO_IT], network: off, memory_mb: 512, processes: 20}, timeout_ms: 1000, max_steps: 3, silence_ms: 5000}',
  ])('takes the coding agent %s', (run) => {
    expect(said(`agents: {a: {run: ${run}}}`)).toEqual([]);
    const read = runs(run);
    expect(read !== undefined && isAcpRun(read) && !isCommandRun(read)).toBe(true);
  });

  it('takes a model with tools and limits, and a program', () => {
    const model =
      '{model: true, mcp: [clock], approve: ["mcp:clock/set"], max_steps: 4, input: {schema: {type: object}}, output: {schema: {type: object}}, temperature: 0.5, max_tokens: 100}';
    expect(said(`agents: {a: {run: ${model}}}`)).toEqual([]);
    const read = runs(model);
    expect(read !== undefined && !isAcpRun(read) && !isCommandRun(read)).toBe(true);
    const program = runs('{command: [node, a.mjs]}');
    expect(program !== undefined && isCommandRun(program) && program.command).toEqual(['node', 'a.mjs']);
  });

  it.each([
    [
      '{acp: opencod}',
      '3:16: agents.a.run.acp has to be opencode or claude or codex or gemini or a map of keys, not "opencod". Did you mean opencode?',
    ],
    [
      '{acp: {command: node}}',
      '3:26: agents.a.run.acp.command has to be a list, not "node". Write a list: [node].',
    ],
    ['{model: false}', '3:18: agents.a.run.model cannot be false. Use true.'],
    [
      '{acp: gemini, sandbox: {folder: projct}}',
      '3:42: agents.a.run.sandbox.folder cannot be "projct". Use project, worktree, temporary. Did you mean project?',
    ],
    [
      '{acp: gemini, permissions: {default: maybe}}',
      '3:47: agents.a.run.permissions.default cannot be "maybe". Use ask, allow, deny.',
    ],
    ['{acp: gemini, permisions: {}}', '3:24: The key permisions is not known. Did you mean permissions?'],
    ['{comand: [x]}', '3:5: agents.a.run.command is missing; it has to be a list.'],
  ])('says what is wrong with %s', (run, message) => {
    expect(said(`agents:\n  a:\n    run: ${run}\n`)[0]).toBe(`lattice.yaml:${message}`);
  });
});

describe('the sections', () => {
  it.each([
    ['agents: {a: {triggers: ["/two words"]}}', /Write a trigger as one word/],
    ['providers: {x: {base_url: "file:///etc/passwd"}}', /base_url cannot be/],
    ['providers: {x: {daily_calls: -1}}', /daily_calls has to be at least 0/],
    ['providers: {x: {prices: {m: {input: 1}}}}', /output is missing/],
    ['agents: {a: {daily_budget: lots}}', /daily_budget has to be a number/],
  ])('refuse %s', (text, message) => {
    const [first] = said(text);
    expect(first).toMatch(message);
  });

  it('take caps and prices of providers, models and agents', () => {
    expect(
      said(
        'providers:\n  x:\n    local_budget: 5\n    daily_budget: 1.5\n    daily_calls: 10\n    model_caps: {m: {daily_calls: 1}}\n    prices: {m: {input: 1, output: 2, cache_read: 0.1, cache_write: 1.2}}\n    base_url: http://127.0.0.1:1/v1\n    format: [chat, messages]\nagents: {a: {path: a.md, local_budget: unlimited, daily_calls: 3, routing: {strategy: weighted, weights: {x/m: 1}, seed: 7, sticky: true}}}\n',
      ),
    ).toEqual([]);
  });
});

describe('secrets', () => {
  const SECRET = 'sk-ant-very-secret';

  it.each([
    `mcp: {a: {env: [${SECRET}]}}`,
    `mcp: {a: {env: {API_KEY: [${SECRET}]}}}`,
    `mcp: {a: {env: {"${SECRET}": 1}}}`.replace(`"${SECRET}": 1`, `API_KEY: ${SECRET}: x`),
    `mcp:\n  a:\n    headers:\n      Authorization: "${SECRET}\n`,
    `mcp:\n  a:\n    env:\n      API_KEY: ${SECRET}\n      API_KEY: ${SECRET}\n`,
    `providers: {a: {env: {value: ${SECRET}}}}`,
    `hooks: {on_error: [{action: notify.slack, webhook: {url: ${SECRET}}}]}`,
    `api_key: ${SECRET}\nproviders: {a: {api_token: ${SECRET}, env: [${SECRET}]}}`,
  ])('are in no message about %j', (text) => {
    const { diagnostics } = read(text);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(JSON.stringify(diagnostics)).not.toContain(SECRET);
  });
});
