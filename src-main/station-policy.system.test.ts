import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answerApproval, waitingApprovals } from './policy/approval-client.ts';
import {
  asked,
  decisions,
  ended,
  give,
  PolicyStations,
  recordOf,
  start,
  WAIT,
} from './testing/policy-stations.ts';

let stations: PolicyStations;

beforeEach(async () => {
  stations = await PolicyStations.open();
});
afterEach(() => stations[Symbol.asyncDispose]());

describe('a station that asks its owner', () => {
  it('runs calls of others after a yes, holds no slot meanwhile, and runs its own without asking', async () => {
    const { atlas, forge } = await stations.lattice({ runs_allow: 'ask' });
    const id = start(forge, atlas, 'one');
    const view = await asked(atlas);
    expect(view).toMatchObject({
      agent: 'worker',
      task: 'one',
      because: 'rule',
      sender: { name: forge.view.value.station_id, verified: false },
      folder: join(stations.folder, 'atlas-project'),
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
    const { atlas, forge } = await stations.lattice({ runs_allow: 'ask' });
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
    const { atlas, forge } = await stations.lattice({ runs_allow: 'ask' });
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
    const forge = await stations.make('forge');
    await forge.host();
    const atlas = await stations.make('atlas', { runs_allow: 'ask' });
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
    const { atlas, forge } = await stations.lattice({ runs_allow: 'ask', max_parallel: 4 });
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
    const { atlas, forge } = await stations.lattice({
      runs_allow: 'owner',
      runs_agents: { careful: 'named' },
    });
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
    atlas.configure(await stations.configOf('atlas', { runs_allow: 'everyone' }));
    expect(await ended(forge, start(forge, atlas, 'one'))).toMatchObject({ state: 'completed' });
  });

  it('gives work back that any station may take, and asks a person when all attempts were refused', async () => {
    const { atlas, forge } = await stations.lattice({ runs_allow: 'owner' });
    await writeFile(join(stations.folder, 'forge-project', 'lattice.yaml'), 'agents: {}\n');
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
    const atlas = await stations.make('atlas');
    await atlas.standalone();
    const id = start(atlas, atlas, 'one', 'careful');
    const view = await asked(atlas);
    expect(view.because).toBe('agent');
    atlas.answerApproval({ ...view, allow: true });
    expect(await ended(atlas, id)).toMatchObject({ state: 'completed', result: 'did one' });
  });
});

describe('a station on a lattice that asks for keys', () => {
  it('knows who calls, lets named devices run, and takes its own key for its owner', async () => {
    const atlas = await stations.make('atlas', { runs_allow: 'named', runs_people: ['forge'] });
    await atlas.host({ shared: true });
    const forge = await stations.make('forge');
    const other = await stations.make('other');
    for (const node of [forge, other]) await node.joinLink(await atlas.access.invite({ role: 'station' }));
    await vi.waitFor(() => expect(other.stations.snapshot()).toHaveLength(3), WAIT);
    expect(await ended(forge, start(forge, atlas, 'one'))).toMatchObject({ state: 'completed' });
    expect(await recordOf(forge, await give(forge, atlas, 'two'))).toMatchObject({ status: 'completed' });
    expect(await ended(other, start(other, atlas, 'one'))).toMatchObject({
      state: 'failed',
      error: { message: 'atlas runs worker for named people only, and other is not one of them.' },
    });
    expect(await ended(atlas, start(atlas, atlas, 'own'))).toMatchObject({ state: 'completed' });

    atlas.configure(await stations.configOf('atlas', { runs_allow: 'ask' }));
    const id = await give(other, atlas, 'three');
    const view = await asked(atlas, 'three');
    expect(view.sender).toEqual({
      id: other.view.value.station_id,
      name: 'other',
      role: 'station',
      verified: true,
    });
    atlas.answerApproval({ ...view, allow: true });
    expect(await recordOf(other, id)).toMatchObject({ status: 'completed', result: 'did three' });
    expect(await recordOf(atlas, await give(atlas, atlas, 'mine'))).toMatchObject({ status: 'completed' });
  }, 40_000);
});
