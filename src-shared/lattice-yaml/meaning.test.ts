import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from './diagnostic.ts';
import { checkMeaning } from './meaning.ts';
import type { MachineFacts } from './meaning-machine.ts';
import { readLatticeYaml } from './read.ts';

const PROVIDERS = 'providers: {openai: {}, ollama: {}}\n';

function found(texts: string[], facts: MachineFacts = {}) {
  const files = texts.map((text, index) => ({
    source: index === 0 ? 'lattice.yaml' : 'lattice.local.yaml',
    text,
  }));
  const { value, diagnostics, layers } = readLatticeYaml(files);
  expect(diagnostics).toEqual([]);
  const [first, ...others] = layers;
  if (value === undefined || first === undefined) throw new Error('cannot be read');
  return checkMeaning(value, [first, ...others], facts);
}

const said = (text: string, facts?: MachineFacts) =>
  found([text], facts).map((each) => `${each.severity} ${formatDiagnostic(each)}`);

describe('checkMeaning', () => {
  it('finds nothing in a document that makes sense', () => {
    expect(
      said(
        `${PROVIDERS}plugins: [a@1.0.0]\nplugin_config: {a: {x: 1}}\nmcp: {clock: {command: [node, c.mjs]}}\nagents:\n  a: {path: a.md, triggers: [/a, /b], routing: [openai/x]}\n  b: {run: {model: true, mcp: [clock]}, triggers: [/c]}\nhooks: {pre_agent: [{action: vcs.checkpoint, when: always}]}\ncommands: {ship: {action: vcs.push}}\n`,
        { installedPlugins: ['a'], hasVariable: () => false },
      ),
    ).toEqual([]);
  });

  it.each([
    [
      'agents: {a: {triggers: [/x]}, b: {triggers: [/y, /x]}}',
      'error lattice.yaml:1:50: The trigger /x belongs to the agent a already. Choose another one.',
    ],
    [
      'agents: {a: {triggers: [/x, /x]}}',
      'warning lattice.yaml:1:29: The trigger /x is there twice. Keep one of them.',
    ],
    [
      'mcp: {clock: {}}\nagents: {a: {run: {model: true, mcp: [clok]}}}',
      'error lattice.yaml:2:39: There is no server clok under mcp. Did you mean clock?',
    ],
    [
      'agents: {a: {run: {acp: opencode, mcp: [files]}}}',
      'error lattice.yaml:1:41: There is no server files under mcp. Add it under mcp:.',
    ],
  ])('looks at triggers and servers of %j', (text, message) => {
    expect(said(text)).toEqual([message]);
  });

  it.each([
    [
      '[opnai/gpt-4o]',
      'error 2:36: There is no provider opnai, so opnai/gpt-4o is never taken. Did you mean openai?',
    ],
    [
      '{strategy: pattern, pattern: [openai/a, far/b, far/b]}',
      'error 2:75: There is no provider far, so far/b is never taken. Add it under providers:.',
    ],
    [
      '{strategy: weighted, weights: {openai/a: 1, far/b: 1}}',
      'error 2:79: There is no provider far, so far/b is never taken. Add it under providers:.',
    ],
    [
      '{strategy: burst, iterate: far/b, final: openai/a}',
      'error 2:62: There is no provider far, so far/b is never taken. Add it under providers:.',
    ],
    [
      '{strategy: fallback, models: [openai/a], on_unavailable: fallback, fallback_models: [far/b]}',
      'error 2:120: There is no provider far, so far/b is never taken. Add it under providers:.',
    ],
    ['[]', 'error 2:35: The list of models is empty. Name at least one model.'],
    ['{strategy: pattern, pattern: []}', 'error 2:64: The pattern is empty. Name at least one model.'],
    [
      '{strategy: round_robin, models: []}',
      'error 2:67: The list of models is empty. Name at least one model.',
    ],
    ['{strategy: weighted, weights: {}}', 'error 2:65: There are no weights. Write provider/model: weight.'],
    [
      '{strategy: weighted, weights: {openai/a: 0, ollama/b: 0}}',
      'error 2:65: All weights are 0, so no model is ever drawn. Give one of them a weight above 0.',
    ],
    [
      '{strategy: weighted, weights: {openai/a: 1, ollama/b: 0}}',
      'warning 2:89: The weight of ollama/b is 0, so it is never drawn.',
    ],
    [
      '{strategy: fallback, models: [openai/a], on_unavailable: fallback}',
      'warning 2:92: There are no fallback models. Add fallback_models: [provider/model].',
    ],
    [
      '{strategy: fallback, models: [openai/a], on_unavailable: next, fallback_models: [openai/b]}',
      'warning 2:115: The fallback models are not used: on_unavailable is next. Set on_unavailable: fallback.',
    ],
  ])('looks at the routing %s', (routing, message) => {
    const place = message.replace(/ (\d)/, ' lattice.yaml:$1');
    expect(said(`${PROVIDERS}agents: {a: {path: a.md, routing: ${routing}}}`)).toEqual([place]);
    expect(said(`${PROVIDERS}defaults: {routing: ${routing}}`)).toHaveLength(1);
  });

  it('only warns of providers while the file has none at all', () => {
    expect(said('defaults: {routing: [openai/a]}')).toEqual([
      'warning lattice.yaml:1:22: There is no provider openai, so openai/a is never taken. Add it under providers:.',
    ]);
  });

  it.each([
    [
      '{action: vcs.chekpoint}',
      'error 1:31: There is no action vcs.chekpoint here. Did you mean vcs.checkpoint?',
    ],
    ['{action: rm -rf}', /^error 1:31: There is no action rm -rf here\. Use vcs\.checkpoint, /],
    ['{action: log.info, when: agnt == "a"}', /^error 1:47: .*agent/],
    ['{action: log.info, when: "agent == "}', /^error 1:\d+: /],
    ['{action: log.info, when: process.exit(1)}', /^error 1:\d+: /],
    ['{action: log.info, when: \'constructor.constructor("return 1")()\'}', /^error 1:\d+: /],
  ])('looks at the hook %s', (hook, message) => {
    const [first, ...others] = said(`hooks: {post_agent: [${hook}]}`);
    expect(others).toEqual([]);
    expect(first?.replace('lattice.yaml:', '')).toEqual(
      typeof message === 'string' ? message : expect.stringMatching(message),
    );
  });

  it('points into a condition, with its quotes', () => {
    for (const when of ['agent == "a" oops', '\'agent == "a" oops\'']) {
      const [diagnostic] = found([`hooks: {post_agent: [{action: log.info, when: ${when}}]}`]);
      expect(diagnostic?.text).toMatch(/^oops/);
    }
  });

  it('looks at the actions of commands', () => {
    expect(said('commands: {ship: {action: vcs.psh}}')).toEqual([
      'error lattice.yaml:1:27: There is no action vcs.psh here. Did you mean vcs.push?',
    ]);
  });

  it('looks at plugins, and at what is installed only when that is known', () => {
    const text =
      'plugins: [a@1.0.0, "@scope/b@2", github:owner/c@v1, file:../d/, a@2.0.0]\nplugin_config: {cc: {}}\n';
    const always = [
      'error lattice.yaml:1:65: The plugin a is there twice. Keep one of them.',
      'warning lattice.yaml:2:17: The plugin cc is not under plugins, so its settings have no effect. Did you mean c?',
    ];
    expect(said(text)).toEqual(always);
    expect(said(text, { installedPlugins: ['a', '@scope/b', 'c', 'd'] })).toEqual(always);
    expect(said(text, { installedPlugins: ['a', 'c', 'd'] })).toEqual([
      'warning lattice.yaml:1:20: The plugin @scope/b is not installed. Run lattice plugins sync.',
      ...always,
    ]);
  });

  it.each(['a; rm -rf /', '$(touch x)@1', 'file:../x`id`', '--registry=http://x', 'github:x', 'a@1 b@2'])(
    'does not take %s for a plugin',
    (plugin) => {
      expect(said(`plugins: [${JSON.stringify(plugin)}]`)).toEqual([
        'error lattice.yaml:1:11: This names no plugin. Write name@version, github:owner/name@tag or file:path.',
      ]);
    },
  );

  it('looks at variables, names them and never their values', () => {
    const named = (name: string) => `"Bearer \${${name}}"`;
    const text = `mcp:\n  on: {url: "http://x", headers: {Authorization: ${named('GONE')}}}\n  off: {enabled: false, env: {A: ${named('GONE')}}}\nagents: {a: {run: {command: [x], env: {K: ${named('LATTICE_TOKEN')}, L: ${named('SET')}}}}}\nhooks: {on_error: [{action: notify.slack, webhook: ${named('HOOK')}}]}\n`;
    const facts = { hasVariable: (name: string) => name === 'SET' };
    expect(said(text, facts)).toEqual([
      'warning lattice.yaml:2:50: The variable GONE is not set. Set it before Lattice starts.',
      "error lattice.yaml:4:43: The variable LATTICE_TOKEN is Lattice's own and is not handed on. Use another one.",
      'warning lattice.yaml:5:52: The variable HOOK is not set. Set it before Lattice starts.',
    ]);
    expect(JSON.stringify(found([text], facts))).not.toContain('Bearer');
    expect(said(text)).toEqual([]);
  });

  it('points into the layer that says it', () => {
    const [diagnostic] = found([
      `${PROVIDERS}agents: {a: {triggers: [/x]}}`,
      '\nagents: {b: {triggers: [/x]}}',
    ]);
    expect(diagnostic).toMatchObject({ source: 'lattice.local.yaml', line: 2, text: '/x' });
  });
});
