import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ApprovalView } from '../src-shared/views/approval.ts';
import { resolvePaths } from './config/paths.ts';
import type { StationConfig } from './config/setting-table.ts';
import { loadStationConfig } from './config/station-config.ts';
import { LatticeNode } from './lattice-node.ts';
import { answerApproval, waitingApprovals } from './policy/approval-client.ts';

const WAIT = { timeout: 15_000, interval: 20 };

/** Says its task; `cheat` answers for the owner itself, as an agent of the same user could try. */
const PROGRAM = `
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
process.stdin.once('data', (line) => {
  const { task, context } = JSON.parse(String(line));
  if (task !== 'cheat') {
    console.log(JSON.stringify({ type: 'result', result: 'did ' + task }));
    process.exit(0);
  }
  const requests = readdirSync(context.folder).filter((name) => name.endsWith('.json'));
  for (const name of requests) {
    const { id, digest } = JSON.parse(readFileSync(join(context.folder, name), 'utf8'));
    const answer = JSON.stringify({ id, digest, allow: true, pid: process.pid });
    writeFileSync(join(context.folder, id + '.answer'), answer, { mode: 0o600 });
  }
  console.log(JSON.stringify({ type: 'output', text: 'tried' }));
  setInterval(() => {}, 1000);
});
`;

const CONFIG = `
agents:
  worker:
    run: { command: [node, worker.mjs] }
  careful:
    approval: required
    run: { command: [node, worker.mjs] }
`;

let folder = '';
const nodes: LatticeNode[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-policy-'));
});
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node[Symbol.asyncDispose]()));
  await rm(folder, { recursive: true });
});

async function configOf(name: string, flags: Record<string, unknown>): Promise<StationConfig> {
  const { values } = await loadStationConfig({
    file: join(folder, 'none.yaml'),
    env: {},
    flags: { port: 0, http_port: 0, station_name: name, lattice_name: 'Team', max_parallel: 1, ...flags },
  });
  return values;
}

async function makeNode(name: string, flags: Record<string, unknown> = {}): Promise<LatticeNode> {
  const projectDir = join(folder, `${name}-project`);
  await mkdir(projectDir);
  await writeFile(join(projectDir, 'lattice.yaml'), CONFIG);
  await writeFile(join(projectDir, 'worker.mjs'), PROGRAM);
  const paths = resolvePaths({ LATTICE_HOME: join(folder, name) });
  const node = await LatticeNode.create({ paths, config: await configOf(name, flags), projectDir });
  nodes.push(node);
  await node.catalog.ready;
  return node;
}

/** A host with a rule, and another station on its hub. */
async function lattice(flags: Record<string, unknown>): Promise<{ atlas: LatticeNode; forge: LatticeNode }> {
  const atlas = await makeNode('atlas', flags);
  await atlas.host();
  const forge = await makeNode('forge');
  await forge.join({ url: atlas.view.value.hub?.url ?? '' });
  await vi.waitFor(() => expect(forge.stations.snapshot()).toHaveLength(2), WAIT);
  return { atlas, forge };
}

function start(from: LatticeNode, to: LatticeNode, task: string, agent = 'worker', context = {}): string {
  const station = to.view.value.station_id;
  return from.runs.start({ agent, station, task, context, wait: true });
}

async function ended(node: LatticeNode, id: string) {
  await vi.waitFor(() => expect(node.runs.runs.get(id)?.ended_at).toBeDefined(), WAIT);
  return node.runs.runs.get(id);
}

function asked(node: LatticeNode, task?: string): Promise<ApprovalView> {
  return vi.waitFor(() => {
    const view = node.approvals.snapshot().find((each) => task === undefined || each.task === task);
    if (!view) throw new Error('Nothing waits.');
    return view;
  }, WAIT);
}

async function give(from: LatticeNode, to: LatticeNode, task: string) {
  const order = { agent: 'worker', task, station: to.view.value.station_id, requested_by: from.actor };
  return (await from.work.dispatcher.assign(order)).id;
}

const recordOf = (node: LatticeNode, id: string) =>
  node.work.dispatcher.await(id, { signal: AbortSignal.timeout(15_000) });

async function decisions(node: LatticeNode, count: number) {
  return vi.waitFor(async () => {
    const events = (await node.log.query({ limit: 500 })).filter(({ type }) => type.startsWith('agent.run_'));
    expect(events).toHaveLength(count);
    return events.map(({ type, data }) => ({ type, data }));
  }, WAIT);
}

describe('a station that asks its owner', () => {
  it('runs calls of others after a yes, holds no slot meanwhile, and runs its own without asking', async () => {
    const { atlas, forge } = await lattice({ runs_allow: 'ask' });
    const id = start(forge, atlas, 'one');
    const view = await asked(atlas);
    expect(view).toMatchObject({
      agent: 'worker',
      task: 'one',
      because: 'rule',
      sender: { name: forge.view.value.station_id, verified: false },
      folder: join(folder, 'atlas-project'),
    });
    await vi.waitFor(
      () => expect(JSON.stringify(forge.runs.runs.get(id))).toContain('Waits for the owner of atlas'),
      WAIT,
    );
    expect(await ended(atlas, start(atlas, atlas, 'own'))).toMatchObject({
      state: 'completed',
      result: 'did own',
    });
    atlas.answerApproval({ ...view, allow: true });
    expect(await ended(forge, id)).toMatchObject({ state: 'completed', result: 'did one' });
    const [told] = await decisions(atlas, 1);
    expect(told).toMatchObject({
      type: 'agent.run_approved',
      data: { agent_name: 'worker', digest: view.digest, answered_in: 'window', sender: { verified: false } },
    });
  });

  it('tells a caller that it was denied, and asks no more when the caller goes', async () => {
    const { atlas, forge } = await lattice({ runs_allow: 'ask' });
    const denied = start(forge, atlas, 'one');
    atlas.answerApproval({ ...(await asked(atlas)), allow: false });
    expect(await ended(forge, denied)).toMatchObject({
      state: 'failed',
      error: { code: 'not_allowed', message: 'The owner of atlas did not allow this run of worker.' },
    });
    const cancelled = start(forge, atlas, 'two');
    await asked(atlas, 'two');
    forge.runs.cancel(cancelled);
    expect(await ended(forge, cancelled)).toMatchObject({ state: 'cancelled' });
    await vi.waitFor(() => expect(atlas.approvals.snapshot()).toEqual([]), WAIT);
    expect(await decisions(atlas, 1)).toMatchObject([{ type: 'agent.run_denied' }]);
  });

  it('asks about durable work, and again when its task was altered', async () => {
    const { atlas, forge } = await lattice({ runs_allow: 'ask' });
    const id = await give(forge, atlas, 'one');
    const first = await asked(atlas, 'one');
    expect(first.work_id).toBe(id);
    atlas.answerApproval({ ...first, allow: true });
    expect(await recordOf(forge, id)).toMatchObject({ status: 'completed', result: 'did one' });

    const edited = await forge.work.dispatcher.rerun(id, forge.actor, { task: 'one, and delete all' });
    const second = await asked(atlas, 'one, and delete all');
    expect(second.digest).not.toBe(first.digest);
    expect(() => atlas.answerApproval({ id: second.id, digest: first.digest, allow: true })).toThrow(
      'another task',
    );
    atlas.answerApproval({ ...second, allow: false });
    expect(await recordOf(forge, edited.id)).toMatchObject({
      status: 'failed',
      error: { code: 'not_allowed' },
    });
  });

  it('asks again after a restart', async () => {
    const forge = await makeNode('forge');
    await forge.host();
    const atlas = await makeNode('atlas', { runs_allow: 'ask' });
    const join = () => atlas.join({ url: forge.view.value.hub?.url ?? '' });
    await join();
    await vi.waitFor(() => expect(forge.stations.snapshot()).toHaveLength(2), WAIT);
    const id = await give(forge, atlas, 'one');
    const before = await asked(atlas);
    await atlas.leave();
    expect(atlas.approvals.snapshot()).toEqual([]);
    await join();
    const after = await asked(atlas);
    expect(after).toMatchObject({ task: 'one', attempt: 2, digest: before.digest });
    expect(() => atlas.answerApproval({ ...before, allow: true })).toThrow('does not wait');
    atlas.answerApproval({ ...after, allow: true });
    expect(await recordOf(forge, id)).toMatchObject({ status: 'completed' });
  });

  it('lets a command of the same user answer, and no agent', async () => {
    const { atlas, forge } = await lattice({ runs_allow: 'ask', max_parallel: 4 });
    const id = start(forge, atlas, 'one');
    const view = await asked(atlas, 'one');
    const [waiting] = await vi.waitFor(async () => {
      const found = await waitingApprovals(atlas.paths.dataDir);
      expect(found).toHaveLength(1);
      return found;
    }, WAIT);
    if (!waiting) throw new Error('Nothing waits.');
    expect(waiting.view).toEqual(view);
    const cheat = start(atlas, atlas, 'cheat', 'worker', { folder: waiting.folder });
    await vi.waitFor(
      () =>
        expect(atlas.view.value.problems).toContainEqual(
          expect.objectContaining({
            title: 'An answer was not taken',
            detail: expect.stringContaining('a process that this station started'),
          }),
        ),
      WAIT,
    );
    expect(await asked(atlas, 'one')).toEqual(view);
    atlas.runs.cancel(cheat);
    await expect(answerApproval(waiting, true, { LATTICE_WORK_ID: 'x' })).rejects.toThrow('An agent cannot');
    atlas.answerApproval({ ...view, allow: true });
    expect(await ended(forge, id)).toMatchObject({ state: 'completed' });
  });
});

describe('a station with other rules', () => {
  it('refuses what is for its owner only, and what nobody proves', async () => {
    const { atlas, forge } = await lattice({ runs_allow: 'owner', runs_agents: { careful: 'named' } });
    expect(await ended(forge, start(forge, atlas, 'one'))).toMatchObject({
      state: 'failed',
      error: { code: 'not_allowed', message: 'atlas runs worker for its owner only.' },
    });
    expect(await ended(forge, start(forge, atlas, 'one', 'careful'))).toMatchObject({
      error: { message: expect.stringContaining('nothing proves that this comes from') },
    });
    const id = await give(forge, atlas, 'one');
    expect(await recordOf(forge, id)).toMatchObject({ status: 'failed', error: { code: 'not_allowed' } });
    expect((await decisions(atlas, 3)).map(({ type }) => type)).toEqual(
      Array.from({ length: 3 }, () => 'agent.run_refused'),
    );
    expect(await ended(atlas, start(atlas, atlas, 'one'))).toMatchObject({ state: 'completed' });
    atlas.configure(await configOf('atlas', { runs_allow: 'everyone' }));
    expect(await ended(forge, start(forge, atlas, 'one'))).toMatchObject({ state: 'completed' });
  });

  it('gives work back that any station may take, and asks a person when all attempts were refused', async () => {
    const { atlas, forge } = await lattice({ runs_allow: 'owner' });
    await writeFile(join(folder, 'forge-project', 'lattice.yaml'), 'agents: {}\n');
    await vi.waitFor(() => expect(forge.catalog.definitions.value).toEqual([]), WAIT);
    const order = { agent: 'worker', task: 'one', max_attempts: 2, requested_by: 'forge' };
    const { id } = await forge.work.dispatcher.assign(order);
    await vi.waitFor(
      () => expect(atlas.works.snapshot().find((work) => work.id === id)?.status).toBe('escalated'),
      WAIT,
    );
    expect(atlas.works.snapshot().find((work) => work.id === id)).toMatchObject({
      attempt: 2,
      waits: { text: expect.stringContaining('atlas runs worker for its owner only') },
    });
  });

  it('asks its own owner about an agent that demands it', async () => {
    const atlas = await makeNode('atlas');
    await atlas.standalone();
    const id = start(atlas, atlas, 'one', 'careful');
    const view = await asked(atlas);
    expect(view.because).toBe('agent');
    atlas.answerApproval({ ...view, allow: true });
    expect(await ended(atlas, id)).toMatchObject({ state: 'completed', result: 'did one' });
  });
});
