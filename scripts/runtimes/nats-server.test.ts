import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { type Answer, serveFiles } from '../testing/file-server.ts';
import { tempFolder } from '../testing/temp-folder.ts';
import { natsServer, oldNatsServer } from './nats-server.mjs';
import { natsServerVersion } from './pins.mjs';

const platform = 'linux-amd64';
const stem = `nats-server-v${natsServerVersion}-${platform}`;

/** A program that says what nats-server says when it is asked for its version. */
const program = (version: string) => `#!/bin/sh\necho "nats-server: v${version}"\n`;

async function writeProgram(folder: string, name: string, text: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), text, { mode: 0o755 });
  return join(folder, name);
}

async function makeArchive(): Promise<Buffer> {
  const folder = await tempFolder();
  await writeProgram(join(folder, stem), 'nats-server', program(natsServerVersion));
  await promisify(execFile)('tar', ['-czf', 'archive.tar.gz', stem], { cwd: folder });
  return readFile(join(folder, 'archive.tar.gz'));
}

/** A machine of its own: an empty cache, an empty PATH and a release host that answers as told. */
async function machine(answer: Answer) {
  const folder = await tempFolder();
  const server = await serveFiles(() => answer);
  const lines: string[] = [];
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const sum = createHash('sha256')
    .update(await archive())
    .digest('hex');
  const options = {
    root: join(folder, 'cache'),
    env: { PATH: bin } as NodeJS.ProcessEnv,
    releases: server.url,
    sums: { [platform]: sum },
    platform,
    connectTimeoutMs: 300,
    report: (line: string) => lines.push(line),
  };
  return { folder, bin, server, lines, options };
}

let made: Promise<Buffer> | undefined;
/** The archive of the release host, made once. */
function archive(): Promise<Buffer> {
  made ??= makeArchive();
  return made;
}

it('takes the given path before everything else', async () => {
  const { folder, options, server } = await machine(await archive());
  const path = await writeProgram(folder, 'my-server', program('2.12.0'));
  const found = await natsServer({ ...options, env: { ...options.env, LATTICE_NATS_SERVER: path } });
  expect(found).toMatchObject({ path, version: '2.12.0', source: 'LATTICE_NATS_SERVER' });
  expect(server.asked).toEqual([]);
});

it('downloads the release once and then takes it from the cache', async () => {
  const { options, server, lines } = await machine(await archive());
  const first = await natsServer(options);
  const second = await natsServer(options);
  expect(first.version).toBe(natsServerVersion);
  expect(second).toEqual(first);
  expect(server.asked).toEqual([`/v${natsServerVersion}/${stem}.tar.gz`]);
  expect((await stat(first.path)).mode & 0o111).toBe(0o111);
  expect(lines.at(-1)).toContain(first.path);
  expect(await readdir(options.root)).toEqual([`nats-server-v${natsServerVersion}`]);
});

it('brings a damaged cache entry anew', async () => {
  const { options, server } = await machine(await archive());
  const { path } = await natsServer(options);
  await writeFile(path, 'cut sho');
  const again = await natsServer(options);
  expect(await readFile(again.path, 'utf8')).toBe(program(natsServerVersion));
  expect(server.asked).toHaveLength(2);
});

it('lets two at once both have it and leaves nothing half done', async () => {
  const { options } = await machine(await archive());
  const all = await Promise.all([natsServer(options), natsServer(options), natsServer(options)]);
  expect(new Set(all.map((runtime) => runtime.path)).size).toBe(1);
  expect(await readdir(options.root)).toEqual([`nats-server-v${natsServerVersion}`]);
});

it('goes on to Go when the release is corrupt, and refuses a module with another sum', async () => {
  const { bin, options, lines } = await machine(Buffer.from('not the archive'));
  await writeProgram(bin, 'go', '#!/bin/sh\necho \'{"Sum":"h1:another="}\'\n');
  await expect(natsServer({ ...options, platform: hostPlatform() })).rejects.toThrow(
    /Go: The module has another sum than the pinned one \(h1:another=\)/,
  );
  expect(lines.join('\n')).toMatch(/the official release did not work/);
});

it('builds with Go into the cache', async () => {
  const { bin, options } = await machine(404);
  const go = `#!/bin/sh\n[ "$1" = mod ] && echo '{"Sum":"h1:pinned="}' && exit 0\n${writeServerTo('$GOBIN')}`;
  await writeProgram(bin, 'go', go);
  const found = await natsServer({ ...options, platform: hostPlatform(), moduleSum: 'h1:pinned=' });
  expect(found.version).toBe(natsServerVersion);
  expect(found.source).toMatch(/^go install/);
});

it('takes nats-server from the PATH last', async () => {
  const { bin, options } = await machine('silence');
  const path = await writeProgram(bin, 'nats-server', program('2.10.1'));
  await expect(natsServer(options)).resolves.toMatchObject({ path, version: '2.10.1', source: 'the PATH' });
});

it('names each source, its reason and what to do when none works', async () => {
  const { options } = await machine('silence');
  const env = { ...options.env, LATTICE_NATS_SERVER: '/nowhere/nats-server' };
  const message = await natsServer({ ...options, env }).catch((error: Error) => error.message);
  expect(message).toMatch(/^nats-server could not be brought\. Tried:/);
  expect(message).toContain('LATTICE_NATS_SERVER: /nowhere/nats-server is not a program that can be run.');
  expect(message).toMatch(/the official release: 127\.0\.0\.1:\d+ did not answer within 0\.3 s\./);
  expect(message).toContain('Go: There is no go on the PATH.');
  expect(message).toContain('the Debian package: This is not a Debian system.');
  expect(message).toContain('the PATH: There is no nats-server.');
  expect(message).toMatch(/Set LATTICE_NATS_SERVER to the path/);
  expect(await readdir(options.root)).toEqual([]);
});

it('asks no host when only the cache is wanted', async () => {
  const { options, server } = await machine(await archive());
  await expect(natsServer({ ...options, cacheOnly: true })).rejects.toThrow('could not be brought');
  expect(server.asked).toEqual([]);
});

it('takes another Debian server than 2.9 for the usual one, not for the old one', async () => {
  const { bin, options } = await machine(404);
  await writeProgram(bin, 'apt-get', '#!/bin/sh\n: > nats-server.deb\n');
  const unpack = `#!/bin/sh\n/bin/mkdir -p "$3/usr/sbin"\n${writeServerTo('$3/usr/sbin', '2.10.7')}`;
  await writeProgram(bin, 'dpkg-deb', unpack);
  await expect(oldNatsServer(options)).rejects.toThrow('This system offers 2.10.7.');
  await expect(natsServer(options)).resolves.toMatchObject({
    version: '2.10.7',
    source: 'the Debian package',
  });
});

function writeServerTo(folder: string, version = natsServerVersion): string {
  const path = `"${folder}/nats-server"`;
  return `printf '#!/bin/sh\\necho nats-server: v${version}\\n' > ${path}\n/bin/chmod 755 ${path}\n`;
}

function hostPlatform(): string {
  return `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
}
