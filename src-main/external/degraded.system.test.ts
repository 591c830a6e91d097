import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { resolvePaths } from '../config/paths.ts';
import { loadStationConfig } from '../config/station-config.ts';
import { initProject } from '../config/template.ts';
import { LatticeNode } from '../lattice-node.ts';
import { failure } from '../mesh/test-station.ts';
import { startNatsServer } from '../testing/nats-server.ts';

const SOON = { timeout: 10_000, interval: 20 };
const open: AsyncDisposable[] = [];

async function node(): Promise<LatticeNode> {
  const home = await mkdtemp(join(tmpdir(), 'lattice-degraded-'));
  open.push({ [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }) });
  const paths = resolvePaths({ LATTICE_HOME: home });
  const { values } = await loadStationConfig({ file: join(home, 'config.yaml'), env: {} });
  const projectDir = join(home, 'project');
  await initProject(projectDir);
  const made = await LatticeNode.create({ paths, config: values, projectDir });
  open.push(made);
  await made.catalog.ready;
  return made;
}

async function serverDenying(deny: string) {
  const server = await startNatsServer({
    config: `authorization { users: [{ user: ann, password: pw, permissions: { publish: { deny: "${deny}" } } }] }`,
  });
  open.push(server);
  return { url: server.url, auth: { user: 'ann', password: 'pw' } };
}

afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing[Symbol.asyncDispose]();
});

describe('a hub elsewhere that does not allow all', () => {
  it('is joined without durable work, which says why, and direct calls run', async () => {
    const station = await node();
    await station.join(await serverDenying('$JS.API.STREAM.CREATE.LATTICE_default_QUEUE'));
    const { problems } = station.view.value;
    const off = problems.find(({ id }) => id === 'work.off');
    expect(off?.title).toBe('Durable work is off');
    expect(off?.detail).toContain('LATTICE_default_QUEUE');
    expect(off?.detail).toContain('lattice hub check');
    expect((await failure(Promise.resolve().then(() => station.work))).code).toBe('unsupported');
    const [agent] = station.catalog.definitions.value;
    const id = station.runs.start({
      agent: agent?.info.name ?? '',
      task: 'Say hello',
      context: {},
      wait: false,
    });
    await vi.waitFor(
      () => expect(station.runs.runs.snapshot().find((run) => run.id === id)?.state).toBe('completed'),
      SOON,
    );
    await station.leave();
    expect(station.view.value.mode).toBe('idle');
  });

  it('is not joined without a registry, and says what to look at', async () => {
    const station = await node();
    const error = await failure(
      station.join(await serverDenying('$JS.API.STREAM.*.KV_lattice-default-stations')),
    );
    expect(error.code).toBe('auth_failed');
    expect(error.hint).toContain('lattice hub check');
  });

  it('is not joined when it is of another JetStream domain', async () => {
    const station = await node();
    const error = await failure(station.join({ ...(await serverDenying('nothing')), domain: 'hub' }));
    expect(error.code).toBe('unsupported');
    expect(error.message).toContain('hub was asked for');
  });
});
