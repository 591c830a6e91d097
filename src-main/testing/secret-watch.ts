import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectNoLeak, findSecretsInProcesses, type Leak, SECRETS_FILE } from './find-secrets.ts';

const LOOK_MS = 500;

const found = new Map<string, Leak>();
let folder = '';
let timer: NodeJS.Timeout | undefined;

/** Watches the list of processes while tests run. */
export function setup(): void {
  folder = mkdtempSync(join(tmpdir(), 'lattice-secret-watch-'));
  process.env[SECRETS_FILE] = join(folder, 'secrets');
  writeFileSync(join(folder, 'secrets'), '', { mode: 0o600 });
  timer = setInterval(look, LOOK_MS);
}

/** Fails the run when a secret that a test made was in the arguments or the environment of a process. */
export function teardown(): void {
  clearInterval(timer);
  look();
  rmSync(folder, { recursive: true });
  delete process.env[SECRETS_FILE];
  expectNoLeak([...found.values()]);
}

function look(): void {
  for (const leak of findSecretsInProcesses(process.pid)) found.set(leak.place, leak);
}
