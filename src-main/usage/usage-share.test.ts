import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { routingDocument } from '../../src-shared/routing/document.ts';
import { dayOf, type UsageEntry } from '../../src-shared/routing/usage.ts';
import { Problems } from '../mesh/problems.ts';
import { StateStore } from '../routing/state-store.ts';
import { UsageLog } from '../routing/usage-log.ts';
import { startNatsServer, type TestServer } from '../testing/nats-server.ts';
import { UsageService } from './usage-service.ts';
import { UsageShare } from './usage-share.ts';

const SOON = { timeout: 8_000, interval: 20 };
const TODAY = dayOf(Date.now());
const fail = (problem: Error): never => {
  throw problem;
};

let server: TestServer;
let nc: NatsConnection;
let folder = '';
let orgs = 0;
let org = '';
beforeAll(async () => {
  server = await startNatsServer();
  nc = await connect({ servers: server.url });
});
afterAll(async () => {
  await nc.close();
  await server[Symbol.asyncDispose]();
});
const open: AsyncDisposable[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-usage-share-'));
  org = `org${orgs++}`;
});
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

let ids = 0;
const entry = (change: Partial<UsageEntry> = {}): UsageEntry => ({
  id: `c${ids++}`,
  time: new Date().toISOString(),
  agent: 'coder',
  provider: 'openai',
  model: 'openai/gpt-4o',
  outcome: 'ok',
  input_tokens: 1_000,
  output_tokens: 100,
  usd: 0.5,
  ...change,
});

/** A station with a machine of its own; not on the lattice until `share`. */
function station(id: string, machine = id) {
  const log = new UsageLog({ dir: join(folder, machine, 'usage'), onProblem: fail, station: id });
  const usage = new UsageService({
    log,
    store: new StateStore({ file: join(folder, machine, 'state.json'), onProblem: fail }),
    document: () => routingDocument({}),
    station: { id, name: `name-of-${id}` },
    onProblem: fail,
    everyMs: 50,
  });
  open.push({ [Symbol.asyncDispose]: async () => usage[Symbol.dispose]() });
  const problems = new Problems();
  return {
    log,
    usage,
    problems,
    share(client: () => NatsConnection = () => nc) {
      const share = new UsageShare({ nc: client, org, usage, problems, retryMs: 50 });
      open.push(share);
      return share;
    },
  };
}

/** Dollars and calls by station, as a station sees them. */
const seen = (usage: UsageService) =>
  Object.fromEntries(
    usage.days
      .snapshot()
      .map((day) => [
        `${day.day} ${day.station_id}`,
        [day.rows.reduce((sum, row) => sum + row.calls, 0), day.rows.reduce((sum, row) => sum + row.usd, 0)],
      ]),
  );

/** The bucket of this org; rejects until somebody made it. */
async function bucket(): Promise<KV> {
  await (await jetstreamManager(nc)).streams.info(`KV_lattice-${org}-usage`);
  return new Kvm(jetstream(nc)).open(`lattice-${org}-usage`);
}

describe('what stations used', () => {
  test('is on every screen, live, and stays when its station is gone', async () => {
    const [forge, atlas] = [station('forge'), station('atlas')];
    await forge.log.append(entry());
    const forgeShare = forge.share();
    atlas.share();
    await vi.waitFor(() => expect(seen(atlas.usage)).toEqual({ [`${TODAY} forge`]: [1, 0.5] }), SOON);
    await forge.log.append(entry({ outcome: 'rate_limited', usd: 0 }));
    await atlas.log.append(entry({ usd: 0.25 }));
    const all = { [`${TODAY} forge`]: [2, 0.5], [`${TODAY} atlas`]: [1, 0.25] };
    await vi.waitFor(() => expect(seen(forge.usage)).toEqual(all), SOON);
    await vi.waitFor(() => expect(seen(atlas.usage)).toEqual(all), SOON);
    await forgeShare[Symbol.asyncDispose]();
    expect(seen(forge.usage)).toEqual({ [`${TODAY} forge`]: [2, 0.5] });
    const late = station('late');
    late.share();
    await vi.waitFor(() => expect(seen(late.usage)).toEqual(all), SOON);
  });

  test('is told at the end, though the last call was a moment ago', async () => {
    const forge = station('forge');
    const share = forge.share();
    const kv = await vi.waitFor(bucket, SOON);
    await forge.log.append(entry());
    await vi.waitFor(() => expect(forge.usage.ownDays()).toHaveLength(1), SOON);
    await share[Symbol.asyncDispose]();
    expect((await kv.get(`${TODAY}.forge`))?.json()).toMatchObject({ rows: [{ calls: 1 }] });
  });

  test('of two stations on one machine counts once, and what no station used stays here', async () => {
    const [one, two] = [station('one', 'machine'), station('two', 'machine')];
    const outside = new UsageLog({ dir: join(folder, 'machine', 'usage'), onProblem: fail });
    await outside.append(entry({ usd: 4 }));
    await one.log.append(entry({ usd: 1 }));
    await two.log.append(entry({ usd: 2 }));
    one.share();
    two.share();
    const far = station('far');
    far.share();
    const shared = { [`${TODAY} one`]: [1, 1], [`${TODAY} two`]: [1, 2] };
    await vi.waitFor(() => expect(seen(far.usage)).toEqual(shared), SOON);
    await vi.waitFor(() => expect(seen(one.usage)).toEqual({ ...shared, [`${TODAY} `]: [1, 4] }), SOON);
  });

  test('is not sent again when nothing changed, and is corrected by a better number', async () => {
    const first = station('forge');
    await first.log.append(entry({ id: 'same', usd: 3, usd_estimated: true }));
    const share = first.share();
    const kv = await vi.waitFor(bucket, SOON);
    const revision = await vi.waitFor(async () => {
      const found = await kv.get(`${TODAY}.forge`);
      expect(found?.json()).toMatchObject({ rows: [{ usd: 3, estimated_usd: 3 }] });
      return found?.revision;
    }, SOON);
    await share[Symbol.asyncDispose]();
    const again = station('forge');
    again.share();
    const watcher = station('watcher');
    watcher.share();
    await vi.waitFor(() => expect(seen(watcher.usage)).toEqual({ [`${TODAY} forge`]: [1, 3] }), SOON);
    expect((await kv.get(`${TODAY}.forge`))?.revision).toBe(revision);
    await again.log.append(entry({ id: 'same', usd: 2 }));
    await vi.waitFor(() => expect(seen(watcher.usage)).toEqual({ [`${TODAY} forge`]: [1, 2] }), SOON);
  });

  test('has a bucket that keeps 90 days, and another one is told as a problem', async () => {
    station('forge').share();
    await vi.waitFor(bucket, SOON);
    const jsm = await jetstreamManager(nc);
    const info = await jsm.streams.info(`KV_lattice-${org}-usage`);
    expect(info.config).toMatchObject({ max_age: 90 * 86_400 * 1e9, max_msgs_per_subject: 1 });
    org = `org${orgs++}`;
    await new Kvm(jetstream(nc)).create(`lattice-${org}-usage`, { history: 5 });
    const other = station('other');
    other.share();
    await vi.waitFor(
      () =>
        expect(other.problems.live.get(`mesh.bucket.lattice-${org}-usage`)?.detail).toMatch(/90|age limit/),
      SOON,
    );
  });
});

describe('an entry that nobody can read', () => {
  test.each([
    ['not JSON', `${TODAY}.evil`, 'rubbish'],
    ['another day than its key', `${TODAY}.evil`, { day: '2020-01-01', station_id: 'evil' }],
    ['the name of another station', `${TODAY}.evil`, { station_id: 'forge' }],
    ['negative money', `${TODAY}.evil`, { rows: [{ usd: -1 }] }],
    ['too many rows', `${TODAY}.evil`, { rows: Array.from({ length: 1_001 }, () => ({})) }],
  ])('%s: is not counted, is said, and is forgotten when it is mended', async (_, key, change) => {
    const forge = station('forge');
    forge.share();
    const kv = await vi.waitFor(bucket, SOON);
    const row = {
      agent: 'a',
      provider: 'p',
      model: 'p/m',
      calls: 1,
      failed: 0,
      rate_limited: 0,
      input_tokens: 1,
      output_tokens: 1,
      usd: 1,
      estimated_usd: 0,
      estimated_tokens: 0,
      unpriced: 0,
    };
    const good = {
      day: TODAY,
      station_id: 'evil',
      station_name: 'evil',
      updated_at: new Date().toISOString(),
      rows: [row],
    };
    const rows =
      typeof change === 'string' || !('rows' in change)
        ? good.rows
        : change.rows.map((each) => ({ ...row, ...each }));
    const text = typeof change === 'string' ? change : JSON.stringify({ ...good, ...change, rows });
    await kv.put(key, text);
    await vi.waitFor(() => expect(forge.problems.live.get('usage.unreadable')?.detail).toContain(key), SOON);
    expect(seen(forge.usage)).toEqual({});
    await kv.put(key, JSON.stringify(good));
    await vi.waitFor(() => expect(seen(forge.usage)).toEqual({ [`${TODAY} evil`]: [1, 1] }), SOON);
    expect(forge.problems.live.get('usage.unreadable')).toBeUndefined();
    await kv.purge(key);
    await vi.waitFor(() => expect(seen(forge.usage)).toEqual({}), SOON);
  });
});

test('a bucket that goes is made again with all that this station used', async () => {
  const forge = station('forge');
  await forge.log.append(entry());
  forge.share();
  const kv = await vi.waitFor(bucket, SOON);
  await vi.waitFor(async () => expect(await kv.get(`${TODAY}.forge`)).not.toBeNull(), SOON);
  await (await jetstreamManager(nc)).streams.delete(`KV_lattice-${org}-usage`);
  await forge.log.append(entry());
  await vi.waitFor(
    async () =>
      expect((await (await bucket()).get(`${TODAY}.forge`))?.json()).toMatchObject({ rows: [{ calls: 2 }] }),
    SOON,
  );
  expect(forge.problems.live.get('usage.unshared')).toBeUndefined();
});

test('a lattice that cannot be reached is a problem that goes with it, and holds nothing up', async () => {
  const forge = station('forge');
  const share = forge.share(() => {
    throw new Error('Not connected.');
  });
  await vi.waitFor(
    () => expect(forge.problems.live.get('usage.unshared')?.detail).toMatch(/Not connected/),
    SOON,
  );
  await share[Symbol.asyncDispose]();
  expect(forge.problems.live.snapshot()).toEqual([]);
});

test('it ends whenever it is told to, also while it begins', async () => {
  for (let turns = 0; turns < 60; turns += 3) {
    const forge = station('forge');
    const share = forge.share();
    for (let turn = 0; turn < turns; turn++) await new Promise((next) => setImmediate(next));
    await share[Symbol.asyncDispose]();
  }
});
