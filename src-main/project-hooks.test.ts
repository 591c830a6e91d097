import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hasVariable, loadLatticeConfig } from './config/lattice-config.ts';
import { resolvePaths } from './config/paths.ts';
import { loadStationConfig } from './config/station-config.ts';
import { silent } from './hooks/hook.ts';
import { LatticeNode } from './lattice-node.ts';
import { ProjectHooks } from './project-hooks.ts';
import { openRouting } from './routing/open-routing.ts';

const WAIT = { timeout: 10_000, interval: 20 };
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-hooks-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('hooks of a station', () => {
  it('run around a call, and every action is in the audit log', async () => {
    await writeFile(
      join(folder, 'lattice.yaml'),
      `vcs: { preset: git-stash }
agents:
  writer: { description: Writes, run: { command: [node, -e, 'require("fs").writeFileSync("made", "x")'] } }
hooks:
  pre_agent: [{ action: vcs.checkpoint }]
  post_agent:
    - { action: notify.desktop, when: '"made" in files_changed' }
`,
    );
    execFileSync('git', ['init', '-q', folder]);
    const paths = resolvePaths({ LATTICE_HOME: join(folder, '.git', 'home') });
    const flags = { port: 0, http_port: 0, station_name: 'atlas' };
    const { values } = await loadStationConfig({ file: paths.configFile, env: {}, flags });
    const said: string[] = [];
    const notify = { ...silent, desktop: ({ body }: { body: string }) => void said.push(body) };
    const node = await LatticeNode.create({ paths, config: values, projectDir: folder, notify });
    try {
      await node.catalog.ready;
      await node.standalone();
      const id = node.runs.start({ agent: 'writer', task: 'Write it', context: {}, wait: true });
      await vi.waitFor(() => expect(node.runs.runs.get(id)?.ended_at).toBeDefined(), WAIT);
      expect(said).toEqual([expect.stringMatching(/^writer completed after .*: Write it$/)]);
      await vi.waitFor(async () => {
        const events = await node.log.query({});
        const hooks = events.filter((event) => event.type.endsWith('agent.hook_ran'));
        expect(hooks.map((event) => event.data)).toEqual(
          expect.arrayContaining([
            expect.objectContaining({ event: 'pre_agent', action: 'vcs.checkpoint', outcome: 'done' }),
            expect.objectContaining({ event: 'post_agent', action: 'notify.desktop', agent_name: 'writer' }),
          ]),
        );
      }, WAIT);
    } finally {
      await node[Symbol.asyncDispose]();
    }
  });
});

describe('hooks of the router', () => {
  it('leave a provider out, in the state that every process reads', async () => {
    await writeFile(
      join(folder, 'lattice.yaml'),
      `providers:
  openai: { local_budget: 0 }
  other: {}
agents:
  coder: { path: c.md, routing: [openai/gpt-4o, other/free] }
hooks:
  on_budget_exceeded: [{ action: route.skip_provider, for: 1h }]
  on_rate_limit: [{ action: route.skip_provider }, { action: notify.terminal, message: '{model} waits {retry_after}' }]
`,
    );
    const paths = resolvePaths({ LATTICE_HOME: join(folder, 'home') });
    const env = {};
    const { document } = await loadLatticeConfig({ folder, hasVariable: hasVariable(env) });
    const { router, store } = await openRouting({ paths, env, folder, onProblem: () => undefined });
    const said: string[] = [];
    const notify = { ...silent, terminal: (text: string) => void said.push(text) };
    const hooks = new ProjectHooks({
      document: () => document,
      projectDir: folder,
      environment: env,
      router,
      notify,
    });
    const { call, decision } = await router.route('coder');
    expect(decision).toMatchObject({ outcome: 'chosen', model: 'other/free' });
    await call?.drop();
    await vi.waitFor(() => expect(store.read().cool_downs.openai).toMatchObject({ cause: 'skipped' }), WAIT);
    expect(await readFile(join(paths.dataDir, 'state.json'), 'utf8')).toContain('"skipped"');
    expect(router.preview('coder', 1)[0]?.candidates[0]).toMatchObject({
      code: 'skipped',
      reason: expect.stringContaining('left out by a hook, free again in 59 min'),
    });
    hooks.rateLimited({
      agent: 'coder',
      provider: 'other',
      model: 'other/free',
      retryAfterMs: 30_000,
      text: '429',
    });
    await vi.waitFor(() => expect(said).toEqual(['other/free waits 30 s']), WAIT);
    expect(router.preview('coder', 1)[0]?.outcome).not.toBe('chosen');
    hooks[Symbol.dispose]();
  });
});
