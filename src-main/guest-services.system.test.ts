import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { guestCalls } from './guest-services.ts';
import type { LatticeNode } from './lattice-node.ts';
import { demoNode } from './testing/demo-node.ts';

const GIB = 1024 ** 3;

let folder = '';
let host: LatticeNode;
let calls: ReturnType<typeof guestCalls>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-guest-calls-'));
  host = await demoNode(folder, 'atlas');
  calls = guestCalls(host);
});
afterEach(async () => {
  await host[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const closedCode = async () => (await calls['guests.list']()).closed?.code;

describe('the guest lattices in the window', { timeout: 60_000 }, () => {
  it('say why none can be added: no hub, a hub of this machine alone, a hub that stands still', async () => {
    expect(await calls['guests.list']()).toMatchObject({ lattices: [], closed: { code: 'unsupported' } });
    await expect(calls['guests.limit']({ org: 'design', limits: {} })).rejects.toMatchObject({
      code: 'unsupported',
    });
    await host.host({ shared: false });
    expect(await closedCode()).toBe('unsafe');
    await expect(calls['guests.add']({ org: 'design' })).rejects.toMatchObject({ code: 'unsafe' });
    await host.share(true);
    expect(await closedCode()).toBeUndefined();
    await host.controlHub('stop');
    expect(await closedCode()).toBe('hub_failed');
    await expect(calls['guests.add']({ org: 'design' })).rejects.toMatchObject({ code: 'hub_failed' });
  });

  it('are added, invited into, limited and removed, and each refusal says what to do', async () => {
    await host.host({ shared: true });
    const limits = { connections: 7 };
    expect(await calls['guests.add']({ org: 'design', name: 'Design team', limits })).toMatchObject({
      org: 'design',
      name: 'Design team',
      state: 'open',
      devices: 0,
      waiting: 0,
      limits: { connections: 7, storage_bytes: GIB },
    });
    await expect(calls['guests.add']({ org: 'DESIGN' })).rejects.toMatchObject({ code: 'conflict' });
    const options = { role: 'admin', expires_ms: 60_000, approve: false } as const;
    const { link, offer } = await calls['guests.invite']({ org: 'design', options });
    expect(link).toMatch(/^lattice:\/\/join#/);
    expect(offer).toMatchObject({ lattice: 'Design team', role: 'admin' });
    const [invitation] = (await calls['guests.access']({ org: 'design' })).invitations;
    expect(invitation).toMatchObject({ role: 'admin', state: 'open' });
    const request = { op: 'withdraw', invitation: invitation?.id ?? '' } as const;
    await calls['guests.manage']({ org: 'design', request });
    expect((await calls['guests.access']({ org: 'design' })).invitations[0]?.state).not.toBe('open');

    await calls['guests.limit']({ org: 'design', limits: { storage_bytes: 2 * GIB } });
    expect((await calls['guests.list']()).lattices[0]?.limits).toMatchObject({
      storage_bytes: 2 * GIB,
      connections: 7,
    });
    const remove = { org: 'design', delete_data: false };
    await expect(calls['guests.remove']({ ...remove, confirm: 'desing' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    const { kept } = await calls['guests.remove']({ ...remove, confirm: 'design' });
    for (const path of kept) await access(path);
    expect(kept).toHaveLength(2);
    expect((await calls['guests.list']()).lattices).toEqual([]);
    for (const refused of [
      calls['guests.access']({ org: 'design' }),
      calls['guests.invite']({ org: 'design', options }),
      calls['guests.limit']({ org: 'design', limits: { connections: 2 } }),
    ])
      await expect(refused).rejects.toMatchObject({ code: 'not_found' });
  });

  it('get no more than the hub has, and a refused one leaves nothing behind', async () => {
    await host.host({ shared: true });
    await calls['guests.add']({ org: 'design' });
    for (const limits of [{ storage_bytes: 1024 ** 5 }, { memory_bytes: 1024 ** 4 }]) {
      await expect(calls['guests.limit']({ org: 'design', limits })).rejects.toMatchObject({
        code: 'too_large',
        message: expect.stringMatching(/does not fit into this hub: .+ is left\./),
      });
      await expect(calls['guests.add']({ org: 'huge', limits })).rejects.toMatchObject({ code: 'too_large' });
    }
    expect((await calls['guests.list']()).lattices).toMatchObject([
      { org: 'design', limits: { storage_bytes: GIB, memory_bytes: 64 * 1024 ** 2 } },
    ]);
    await host.controlHub('restart');
    await vi.waitFor(
      () => expect(host.view.value).toMatchObject({ hub: { state: 'running' }, problems: [] }),
      { timeout: 30_000, interval: 20 },
    );
  });
});
