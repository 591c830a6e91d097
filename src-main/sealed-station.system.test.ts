import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolvePaths } from './config/paths.ts';
import { loadStationConfig } from './config/station-config.ts';
import { type NodeFile, runningStations } from './config/station-home.ts';
import { initProject } from './config/template.ts';
import { LatticeNode } from './lattice-node.ts';
import { MeshConnection } from './mesh/connection.ts';
import { borrowAuth } from './secrets/auth-lender.ts';
import { SecretFiles } from './secrets/secret-files.ts';
import { expectNoLeak, findSecretsIn, findSecretsInText, rememberSecret } from './testing/find-secrets.ts';
import { testSealer } from './testing/test-sealer.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-sealed-'));
  await initProject(join(folder, 'project'));
});
afterEach(async () => {
  expectNoLeak(findSecretsIn(folder));
  await rm(folder, { recursive: true });
});

async function makeNode(secrets?: SecretFiles): Promise<LatticeNode> {
  const paths = resolvePaths({ LATTICE_HOME: folder });
  const { values } = await loadStationConfig({
    file: paths.configFile,
    env: {},
    flags: { port: 0, http_port: 0 },
  });
  return LatticeNode.create({ paths, config: values, projectDir: join(folder, 'project'), secrets });
}

async function running(node: LatticeNode): Promise<NodeFile> {
  const [found] = await runningStations(node.paths.dataDir);
  if (found === undefined) throw new Error('No station runs.');
  return found;
}

describe('a station whose key is sealed', () => {
  it('hosts for a team, lends its key to commands here, and gives it to no process', {
    timeout: 40_000,
  }, async () => {
    const node = await makeNode(new SecretFiles({ sealer: testSealer() }));
    try {
      await node.host({ shared: true });
      const { url, auth, tls, lender } = await running(node);
      expect(auth).toEqual({});
      if (lender === undefined) throw new Error('Nothing is lent.');
      expect(await readdir(lender.dir)).toContain('device.nk.sealed');
      expect(await readdir(lender.dir)).not.toContain('device.nk');
      const lent = await borrowAuth(lender.dir, lender.address);
      rememberSecret(lent.nkeySeed ?? '');
      const id = node.view.value.station_id;
      const connection = new MeshConnection({ url, auth: lent, tls, kind: 'command', id: 'C1', owner: id });
      await connection.open();
      expect(connection.view.value.state).toBe('connected');
      await connection[Symbol.asyncDispose]();
      const pid = node.view.value.hub?.pid;
      if (!existsSync(`/proc/${pid}`)) return;
      for (const file of ['cmdline', 'environ'])
        expectNoLeak(findSecretsInText(file, await readFile(`/proc/${pid}/${file}`, 'utf8')));
    } finally {
      await node[Symbol.asyncDispose]();
    }
    const { dir } = await lastHome();
    expect((await readdir(dir)).filter((name) => name === 'node.json' || name.endsWith('.sock'))).toEqual([]);
  });

  it('is refused to lattice serve in plain words, until it is kept in files', {
    timeout: 40_000,
  }, async () => {
    const secrets = new SecretFiles({ sealer: testSealer() });
    const app = await makeNode(secrets);
    await app.host({ shared: true });
    await app[Symbol.asyncDispose]();
    const serve = await makeNode();
    try {
      await expect(serve.host()).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringContaining('only the app can open'),
      });
      await secrets.keepIn('files');
      await serve.host({ shared: true });
      expect((await running(serve)).auth.nkeyFile).toMatch(/device\.nk$/);
    } finally {
      await serve[Symbol.asyncDispose]();
    }
  });
});

async function lastHome(): Promise<{ dir: string }> {
  const stations = join(folder, 'data/stations');
  const [name = ''] = await readdir(stations);
  return { dir: join(stations, name) };
}
