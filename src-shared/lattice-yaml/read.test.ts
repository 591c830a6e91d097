import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from './diagnostic.ts';
import { readLatticeYaml } from './read.ts';
import { latticeYamlJsonSchema } from './schema.ts';

const read = (text: string, local?: string) =>
  readLatticeYaml([
    { source: 'lattice.yaml', text },
    ...(local === undefined ? [] : [{ source: 'lattice.local.yaml', text: local }]),
  ]);
const said = (text: string, local?: string) => read(text, local).diagnostics.map(formatDiagnostic);

const EVERY_SECTION = `
name: team-workflow
description: "Everything at once"
version: 1.0.0
author: someone
vcs:
  preset: jj-workspace
  config: {workspace_dir: .workspaces, gate_enforcement: true, commit_message: "ai({agent}): {summary}"}
plugins: [jj-opencode@1.0.0, github:owner/plugin@v0.1.0, file:../local]
providers:
  anthropic: {env: ANTHROPIC_API_KEY, tier: pro, local_budget: unlimited}
  openai: {env: OPENAI_API_KEY, local_budget: 50}
  google: {auth: antigravity}
  ollama:
defaults:
  agents_dir: ./agents
  routing: [anthropic/claude-sonnet-4-5, ollama/llama3.1:70b]
agents:
  architect: {path: architect.md, triggers: [/architect, /plan], routing: [openai/o3]}
  burst: {routing: {strategy: burst, iterate: ollama/a:8b, final: openai/o3, burst_size: 5, final_trigger: finalize}}
  weighted: {routing: {strategy: weighted, weights: {anthropic/a: 75, openai/b: 25}, track: true}}
  pattern: {routing: {strategy: pattern, pattern: [a/b, c/d], on_unavailable: fallback, fallback_models: [e/f]}}
  round: {routing: {strategy: round_robin, models: [a/b, c/d]}}
  counter:
    description: Counts
    capabilities: [demo]
    run: {command: [node, ./agents/counter.mjs], timeout_ms: 60000, env: {MODE: slow}, max_parallel: 2}
plugin_config:
  oh-my-opencode: {disabled_agents: [oracle]}
mcp:
  context7: {enabled: true, description: "Docs"}
  custom: {enabled: true, command: "node ./mcp/server.js", env: {API_KEY: "\${MY_API_KEY}"}}
commands:
  ship: {description: "Push", action: vcs.push}
hooks:
  pre_agent: [{action: vcs.checkpoint, when: always}]
  post_agent: [{action: notify.slack, when: agent == "architect", channel: "#designs"}]
  on_rate_limit: [{action: route.fallback, notify: true}]
x_company: {anything: [goes]}
`;

describe('readLatticeYaml', () => {
  it('takes every section and keeps keys it does not know', () => {
    const { value, diagnostics } = read(EVERY_SECTION);
    expect(diagnostics).toEqual([]);
    expect(value?.agents?.counter?.run?.command).toEqual(['node', './agents/counter.mjs']);
    expect(value).toMatchObject({ x_company: { anything: ['goes'] } });
  });

  it.each([
    [
      'agents:\n  a.b: {path: x}',
      'lattice.yaml:2:3: The name a.b cannot be used. Use 1 to 64 letters, digits, - or _.',
    ],
    [
      'vcs: {preset: git-stsh}',
      'lattice.yaml:1:15: vcs.preset cannot be "git-stsh". Use jj-workspace, jj-checkpoint, git-stash, none. Did you mean git-stash?',
    ],
    [
      'agents:\n  a:\n    run:\n      command: node x.mjs',
      'lattice.yaml:4:16: agents.a.run.command has to be a list, not "node x.mjs". Write a list: [node, x.mjs].',
    ],
    [
      'agents:\n  a:\n    run: {timeout_ms: 0, command: [x]}',
      'lattice.yaml:3:23: agents.a.run.timeout_ms has to be at least 1.',
    ],
    ['agents:\n  a:\n    run: {}', 'lattice.yaml:3:5: agents.a.run.command is missing; it has to be a list.'],
    [
      'agents:\n  a:\n    routing: 3',
      'lattice.yaml:3:14: agents.a.routing has to be a list or a map of keys, not 3.',
    ],
    [
      'agents:\n  a:\n    routing: [nomodel]',
      'lattice.yaml:3:15: agents.a.routing.0 cannot be "nomodel". Write a model as provider/model.',
    ],
    [
      'providers:\n  x: {local_budget: much}',
      'lattice.yaml:2:21: providers.x.local_budget has to be unlimited or a number, not "much".',
    ],
    ['agents:\n  a:', 'lattice.yaml:2:3: agents.a has to be a map of keys, not nothing.'],
    ['- a', 'lattice.yaml:1:1: The document has to be a map of keys, not a list.'],
    [
      'agents: {a: {routing: {strategy: fallbck, models: [a/b]}}}',
      'lattice.yaml:1:34: agents.a.routing.strategy cannot be "fallbck". Use fallback, pattern, weighted, round_robin, burst, least_cost, lowest_latency. Did you mean fallback?',
    ],
  ])('says what is wrong with %j', (text, message) => {
    expect(said(text)).toEqual([message]);
  });

  it.each([
    ['agnets: {}', 'lattice.yaml:1:1: The key agnets is not known. Did you mean agents?'],
    [
      'agents:\n  a:\n    trigers: [x]',
      'lattice.yaml:3:5: The key trigers is not known. Did you mean triggers?',
    ],
    [
      'agents: {a: {routing: {strategy: burst, iterate: a/b, final: c/d, burst_sise: 2}}}',
      'lattice.yaml:1:67: The key burst_sise is not known. Did you mean burst_size?',
    ],
    ['hooks: {pre_agnet: []}', 'lattice.yaml:1:9: The key pre_agnet is not known. Did you mean pre_agent?'],
  ])('warns about a slip in a key of %j', (text, message) => {
    const { value, diagnostics } = read(text);
    expect(diagnostics.map(formatDiagnostic)).toEqual([message]);
    expect(diagnostics[0]?.severity).toBe('warning');
    expect(value).toBeDefined();
  });

  it('leaves out only the part that is wrong', () => {
    const { value } = read('agents:\n  good: {path: g.md}\n  bad: {path: 3}\nhooks: 4\nname: kept');
    expect(value).toEqual({ agents: { good: { path: 'g.md' } }, name: 'kept' });
  });

  it('lays the local file over the project and points into the file that is wrong', () => {
    const project = 'agents:\n  a: {run: {command: [node, a.mjs]}}\n';
    expect(read(project, 'agents:\n  a: {run: {timeout_ms: 5}}').value).toMatchObject({
      agents: { a: { run: { command: ['node', 'a.mjs'], timeout_ms: 5 } } },
    });
    expect(said(project, '\nagents:\n  a: {run: {timeout_ms: soon}}')).toEqual([
      'lattice.local.yaml:3:25: agents.a.run.timeout_ms has to be a number, not "soon".',
    ]);
    expect(said('agents: [', 'name: x')[0]).toMatch(/^lattice\.yaml:1:10: /);
  });

  it('takes an empty file and no file', () => {
    expect(read('').value).toEqual({});
    expect(read('# nothing yet\n').value).toEqual({});
    expect(readLatticeYaml([]).value).toEqual({});
  });
});

describe('latticeYamlJsonSchema', () => {
  it('describes the sections for editors', () => {
    const schema = latticeYamlJsonSchema();
    expect(schema).toMatchObject({
      title: 'lattice.yaml',
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      properties: { name: { type: 'string' }, vcs: {}, agents: {}, hooks: {} },
    });
    expect(JSON.stringify(schema)).toContain('"jj-checkpoint"');
  });
});
