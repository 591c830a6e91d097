import { describe, expect, it } from 'vitest';
import { readLatticeYaml } from '../../src-shared/lattice-yaml/read.ts';
import { Permissions } from './permissions.ts';
import { runOf } from './run-config.ts';

const SERVERS = `
mcp:
  clock: {command: "node './my clock.js' --utc", args: [--quiet], env: {KEY: k}, description: Tells the time}
  list: {command: [node, list.mjs]}
  there: {url: "https://example.com/mcp", headers: {Authorization: Bearer x}}
  off: {command: [node, off.mjs], enabled: false}
`;

/** What the agent of a lattice.yaml with this `run:` does. */
function runFrom(run: string, rest = SERVERS) {
  const text = `${rest}\nagents: {a: {run: ${run}}}\n`;
  const { value, diagnostics } = readLatticeYaml([{ source: 'lattice.yaml', text }]);
  expect(diagnostics).toEqual([]);
  return runOf({ root: '/project', run: value?.agents?.a?.run, prompt: undefined, mcp: value?.mcp });
}

const modelRun = (run: string) => {
  const made = runFrom(run);
  if (made.kind !== 'model') throw new Error(`It is a ${made.kind}.`);
  return made;
};

describe('run: of lattice.yaml', () => {
  it('says what a program is started with and how long it may take', () => {
    expect(runFrom('{command: [node, x.mjs], env: {A: "1"}, timeout_ms: 5000}')).toEqual({
      kind: 'command',
      command: ['node', 'x.mjs'],
      cwd: '/project',
      env: { A: '1' },
      timeoutMs: 5000,
    });
  });

  it('names a coding agent, its mode, its folder and every limit', () => {
    const sandbox = '{folder: worktree, env: [EDITOR], network: "off", memory_mb: 400, processes: 10}';
    const permissions = '{default: deny, allow: [read], deny: ["execute:git push*"]}';
    expect(
      runFrom(
        `{acp: opencode, mode: plan, silence_ms: 3000, timeout_ms: 9000, env: {A: b}, sandbox: ${sandbox}, permissions: ${permissions}}`,
      ),
    ).toMatchObject({
      kind: 'acp',
      runtime: 'opencode',
      command: undefined,
      mode: 'plan',
      workspace: 'worktree',
      permissions: { otherwise: 'deny', allow: ['read'], deny: ['execute:git push*'] },
      limits: { timeoutMs: 9000, silenceMs: 3000, memoryMb: 400, processes: 10, network: false },
      env: { A: 'b' },
      passEnv: ['EDITOR'],
    });
    expect(runFrom('{acp: {command: [my-agent, --acp]}}')).toMatchObject({
      runtime: 'my-agent',
      command: ['my-agent', '--acp'],
      workspace: 'project',
      permissions: { otherwise: 'ask' },
      limits: { network: true },
    });
  });

  it('bounds what a model does and answers', () => {
    expect(
      modelRun(
        '{model: true, max_steps: 3, temperature: 0.2, max_tokens: 99, tools: [clock], output: {schema: {type: object}}}',
      ),
    ).toMatchObject({
      maxSteps: 3,
      temperature: 0.2,
      maxTokens: 99,
      tools: ['clock'],
      outputSchema: { type: 'object' },
    });
    expect(modelRun('{model: true}').maxSteps).toBe(50);
  });

  it('asks each time for what approve: names, also where all else is allowed', async () => {
    const { permissions: policy } = modelRun(
      '{model: true, approve: ["mcp:clock/set"], permissions: {default: allow, allow: ["mcp:clock/set"]}}',
    );
    const asked: string[] = [];
    const permissions = new Permissions({
      agent: 'a',
      policy,
      ask: async ({ text }) => {
        asked.push(text);
        return 'Allow once';
      },
      signal: new AbortController().signal,
      onUnasked: () => undefined,
    });
    const use = (subject: string) => permissions.decide({ kind: 'mcp', subject, title: subject });
    for (const tool of ['clock/now', 'clock/set', 'clock/set']) expect(await use(tool)).toBe('allowed');
    expect(asked).toEqual([expect.stringContaining('clock/set'), expect.stringContaining('clock/set')]);
  });
});

describe('mcp: of lattice.yaml', () => {
  it('starts or reaches every server that is on, with its arguments, variables and headers', () => {
    expect(modelRun('{model: true}').mcp).toEqual([
      {
        name: 'clock',
        start: {
          kind: 'stdio',
          command: ['node', './my clock.js', '--utc', '--quiet'],
          env: { KEY: 'k' },
        },
      },
      { name: 'list', start: { kind: 'stdio', command: ['node', 'list.mjs'], env: {} } },
      {
        name: 'there',
        start: { kind: 'http', url: 'https://example.com/mcp', headers: { Authorization: 'Bearer x' } },
      },
    ]);
  });

  it('gives an agent only the servers that it names', () => {
    expect(modelRun('{model: true, mcp: [list, off]}').mcp.map(({ name }) => name)).toEqual(['list']);
    expect(() => runFrom('{model: true, mcp: [lst]}')).toThrow('There is no server lst under mcp:.');
  });

  it('refuses a command that needs a shell', () => {
    const servers = 'mcp: {clock: {command: "node c.mjs; rm -rf ~"}}';
    expect(() => runFrom('{model: true}', servers)).toThrow('asks for a shell with ;; none reads it.');
  });
});
