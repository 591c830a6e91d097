import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestServerOptions {
  /** Lines added to the server's config. */
  config?: string;
  /** Another binary than `LATTICE_NATS_SERVER`. */
  binary?: string;
  /** A fixed port, to come back where an earlier server was. */
  port?: number;
  /** Keeps the JetStream store of an earlier server. */
  storeDir?: string;
}

export interface TestServer extends AsyncDisposable {
  url: string;
  port: number;
  monitorUrl: string;
  pid: number;
  storeDir: string;
  /** Ends the server with a signal and waits until it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a real nats-server with JetStream on a free loopback port; the store goes with the server unless it was given. */
export async function startNatsServer(options: TestServerOptions = {}): Promise<TestServer> {
  const binary = options.binary ?? process.env.LATTICE_NATS_SERVER;
  if (!binary)
    throw new Error('Set LATTICE_NATS_SERVER to a nats-server binary, or run the tests through npm test.');
  const folder = await mkdtemp(join(tmpdir(), 'lattice-nats-'));
  const storeDir = options.storeDir ?? join(folder, 'store');
  const configFile = join(folder, 'nats.conf');
  await writeFile(
    configFile,
    [
      `listen: "127.0.0.1:${options.port ?? -1}"`,
      'http: "127.0.0.1:-1"',
      `ports_file_dir: "${folder}"`,
      'max_payload: 8388608',
      `jetstream { store_dir: "${storeDir}" }`,
      options.config ?? '',
    ].join('\n'),
  );
  const child = spawn(binary, ['-c', configFile], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const exited = once(child, 'exit');
  const ports = await readPorts(folder, exited, () => log);
  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await exited;
    }
  };
  return {
    url: ports.url,
    port: Number(new URL(ports.url).port),
    monitorUrl: ports.monitorUrl,
    pid: child.pid ?? 0,
    storeDir,
    kill,
    async [Symbol.asyncDispose]() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function readPorts(folder: string, exited: Promise<unknown>, log: () => string) {
  let gone = false;
  void exited.then(() => {
    gone = true;
  });
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    if (gone) throw new Error(`nats-server ended at once:\n${log()}`);
    const file = (await readdir(folder)).find((name) => name.endsWith('.ports'));
    const text = file ? await readFile(join(folder, file), 'utf8') : '';
    if (text.endsWith('}') && log().includes('Server is ready')) {
      const ports: { nats: string[]; monitoring: string[] } = JSON.parse(text);
      const [url] = ports.nats;
      const [monitorUrl] = ports.monitoring;
      if (url && monitorUrl) return { url, monitorUrl };
    }
    await new Promise((next) => setTimeout(next, 10));
  }
  throw new Error(`nats-server was not ready in time:\n${log()}`);
}
