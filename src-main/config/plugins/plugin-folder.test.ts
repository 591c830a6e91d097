import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newestVersion, pluginStates, syncPlugins } from './plugin-folder.ts';
import { parsePluginSpec } from './plugin-spec.ts';

let scratch: string;
let root: string;
let registry: Server;
let env: Record<string, string | undefined>;

beforeAll(async () => {
  const packed = new Map<string, Buffer>();
  const folder = await mkdtemp(join(tmpdir(), 'lattice-registry-'));
  for (const version of ['1.0.0', '2.0.0']) {
    await mkdir(join(folder, version, 'package'), { recursive: true });
    const evil = { postinstall: 'touch ../../../../ran-a-script' };
    await writeFile(
      join(folder, version, 'package/package.json'),
      JSON.stringify({ name: 'greet', version, scripts: evil }),
    );
    await create({ gzip: true, file: join(folder, `${version}.tgz`), cwd: join(folder, version) }, [
      'package',
    ]);
    packed.set(version, await readFile(join(folder, `${version}.tgz`)));
  }
  await rm(folder, { recursive: true, force: true });
  registry = createServer((request, response) => {
    const file = /^\/greet\/-\/greet-(.+)\.tgz$/.exec(request.url ?? '')?.[1];
    if (file !== undefined) return void response.end(packed.get(file));
    if (request.url !== '/greet') return void response.writeHead(404).end('{}');
    const { port } = registry.address() as AddressInfo;
    const versions = [...packed].map(([version, bytes]) => {
      const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
      const tarball = `http://127.0.0.1:${port}/greet/-/greet-${version}.tgz`;
      return [
        version,
        { name: 'greet', version, hasInstallScript: true, dist: { tarball, integrity } },
      ] as const;
    });
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        name: 'greet',
        'dist-tags': { latest: '2.0.0' },
        versions: Object.fromEntries(versions),
      }),
    );
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => registry.close(resolve)));

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lattice-plugins-'));
  root = join(scratch, 'project');
  await mkdir(root);
  const { port } = registry.address() as AddressInfo;
  env = {
    ...process.env,
    LATTICE_TOKEN: 'secret',
    npm_config_registry: `http://127.0.0.1:${port}/`,
    npm_config_cache: join(scratch, 'cache'),
    npm_config_userconfig: join(scratch, 'npmrc'),
  };
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

async function localPlugin(): Promise<string> {
  const file = join(scratch, 'mine/package.json');
  await mkdir(dirname(file));
  const scripts = { preinstall: `touch ${join(scratch, 'ran')}`, prepare: `touch ${join(scratch, 'ran')}` };
  await writeFile(file, JSON.stringify({ name: 'mine', version: '0.3.0', scripts }));
  return 'file:../mine';
}

describe('the plugin folder', () => {
  it('holds exactly what is asked for, locked, and runs no script', async () => {
    const specs = ['greet@1.0.0', await localPlugin()];
    expect((await pluginStates(root, specs)).map(({ inStep }) => inStep)).toEqual([false, false]);
    const states = await syncPlugins({ root, specs, env });
    expect(states.map(({ installed, inStep }) => ({ installed, inStep }))).toEqual([
      { installed: '1.0.0', inStep: true },
      { installed: '0.3.0', inStep: true },
    ]);
    const lock = JSON.parse(await readFile(join(root, '.lattice-plugins/package-lock.json'), 'utf8'));
    expect(lock.packages['node_modules/greet']).toMatchObject({ version: '1.0.0', integrity: /^sha512-/ });
    for (const place of [join(scratch, 'ran'), join(root, 'ran-a-script'), join(scratch, 'ran-a-script')])
      expect(existsSync(place), place).toBe(false);

    const moved = await pluginStates(root, ['greet@2.0.0']);
    expect(moved[0]).toMatchObject({ installed: '1.0.0', inStep: false });
    await syncPlugins({ root, specs: ['greet@2.0.0'], env });
    expect(
      (await pluginStates(root, ['greet@2.0.0', specs[1] ?? ''])).map(({ installed }) => installed),
    ).toEqual(['2.0.0', undefined]);
  });

  it('comes back from its lock alone, and knows what is newest', async () => {
    await syncPlugins({ root, specs: ['greet@1.0.0'], env });
    await rm(join(root, '.lattice-plugins/node_modules'), { recursive: true });
    const lock = await readFile(join(root, '.lattice-plugins/package-lock.json'), 'utf8');
    expect(await syncPlugins({ root, specs: ['greet@1.0.0'], env })).toMatchObject([{ inStep: true }]);
    expect(await readFile(join(root, '.lattice-plugins/package-lock.json'), 'utf8')).toBe(lock);
    expect(await newestVersion('greet', { cwd: root, env })).toBe('2.0.0');
  });

  it('says what npm says about a version that is not there, and leaves no lattice.yaml half changed', async () => {
    await expect(syncPlugins({ root, specs: ['greet@9.9.9'], env })).rejects.toMatchObject({
      code: 'io_failed',
      message: /npm install failed: .*9\.9\.9/,
    });
    await expect(
      syncPlugins({ root, specs: ['greet@1.0.0', 'github:x/greet@v1'], env }),
    ).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});

describe('a plugin name', () => {
  it.each([
    ['jj-opencode@1.0.0', { kind: 'npm', name: 'jj-opencode', version: '1.0.0' }],
    ['@scope/name@2.0.0-beta.1', { kind: 'npm', name: '@scope/name', version: '2.0.0-beta.1' }],
    ['github:dpshade/my-plugin@v0.1.0', { kind: 'github', repo: 'dpshade/my-plugin', ref: 'v0.1.0' }],
    ['file:../my-local-plugin', { kind: 'file', name: 'my-local-plugin', path: '../my-local-plugin' }],
  ])('%s is read', (text, expected) => {
    expect(parsePluginSpec(text)).toMatchObject(expected);
  });

  it.each([
    '',
    'a b',
    '$(touch x)',
    'name@1.0.0; rm -rf ~',
    '--registry=http://evil',
    'name@--x',
    'github:a/../b',
    'github:-x/y',
    'github:a/b@--upload-pack=x',
    'git+ssh://x/y',
    'http://x/y.tgz',
    'file:',
    'file:..',
    'name@npm:other@1',
    `${'x'.repeat(400)}@1`,
    '__proto__/x',
  ])('%j is refused', (text) => {
    expect(() => parsePluginSpec(text)).toThrow(/names no plugin/);
  });
});
