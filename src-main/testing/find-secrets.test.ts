import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  expectNoLeak,
  findSecretsIn,
  findSecretsInProcesses,
  findSecretsInText,
  NOT_OURS,
} from './find-secrets.ts';

const newSecret = () => randomBytes(20).toString('hex');

describe('the search for secrets', () => {
  it('fails for a secret that is logged on purpose, and says where without repeating it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lattice-leak-'));
    try {
      const secret = newSecret();
      const log = join(folder, 'lattice.log');
      await writeFile(log, '{"msg":"nothing to see"}\n');
      expect(findSecretsIn(folder, [secret])).toEqual([]);
      await appendFile(log, `{"msg":"the code is ${secret}"}\n`);
      const search = () => expectNoLeak(findSecretsIn(folder, [secret]));
      expect(search).toThrow(log);
      expect(search).not.toThrow(secret);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('knows the keys that lie in a folder, and passes over the files that are for them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lattice-leak-'));
    try {
      const seed = newSecret();
      await mkdir(join(folder, 'stations'));
      await writeFile(join(folder, 'stations/device.nk'), `${seed}\n`);
      expect(findSecretsIn(folder, [])).toEqual([]);
      await writeFile(join(folder, 'stations/node.json'), JSON.stringify({ seed }));
      await writeFile(
        join(folder, 'crash.dmp'),
        Buffer.from(`\u0000${Buffer.from(seed).toString('base64')}`),
      );
      const places = findSecretsIn(folder, []).map(({ place }) => place.slice(folder.length + 1));
      expect(places.sort()).toEqual(['crash.dmp', 'stations/node.json']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('knows the key of a run by its look, and a file that is too large to be searched', async () => {
    const key = `lattice-${'aB3_-'.repeat(9).slice(0, 43)}`;
    expect(findSecretsInText('stderr', `"key":"${key}"`, [])).toHaveLength(1);
    expect(findSecretsInText('stderr', `${key}x, my-${key}, ${key.slice(0, -1)}`, [])).toEqual([]);
    const folder = await mkdtemp(join(tmpdir(), 'lattice-leak-'));
    try {
      const dump = join(folder, 'core');
      await writeFile(dump, '');
      expect(findSecretsIn(folder, [])).toEqual([]);
      await truncate(dump, 65 * 1024 ** 2);
      expect(findSecretsIn(folder, []).map(({ place }) => place)).toEqual([dump]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('reads what a process printed', () => {
    const secret = newSecret();
    expect(findSecretsInText('stderr', `x${secret}`, [secret])).toHaveLength(1);
    expect(findSecretsInText('stderr', 'x', [secret])).toEqual([]);
  });

  it.skipIf(!existsSync('/proc'))('finds what a program gives on to another', async () => {
    const [argument, variable] = [newSecret(), newSecret()];
    const given = spawn('sh', ['-c', 'sh -c "echo up; read line; :" "$KEY"; :'], {
      env: { ...process.env, KEY: argument, OTHER: variable },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    try {
      await once(given.stdout, 'data');
      const places = (root: number) =>
        findSecretsInProcesses(root, [argument, variable]).map(({ place }) => place);
      // As the run of the tests sees it: this worker is its child, and the first program was given its secrets.
      const seen = places(process.ppid);
      expect(seen.some((place) => place.startsWith('arguments of'))).toBe(true);
      expect(seen.some((place) => place.startsWith('environment of'))).toBe(true);
      expect(seen.some((place) => place.includes(`process ${given.pid}`))).toBe(false);
    } finally {
      await end(given);
    }
  });
});

describe.skipIf(!existsSync('/proc'))('the search of processes passes over', () => {
  const secret = newSecret();
  const placesOf = async (script: string, more: NodeJS.ProcessEnv) => {
    const given = spawn('sh', ['-c', script], {
      env: { ...process.env, KEY: secret, ...more },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    try {
      await once(given.stdout, 'data');
      return findSecretsInProcesses(process.ppid, [secret]).map(({ place }) => place);
    } finally {
      await end(given);
    }
  };

  it('the copy that a program makes of itself to become another one', async () => {
    expect(await placesOf('(echo up; read line; :); :', {})).toEqual([]);
    expect(await placesOf('sh -c "echo up; read line; :"; :', {})).toHaveLength(1);
  });

  it('a program that is not Lattice, and what it starts', async () => {
    expect(await placesOf('sh -c "echo up; read line; :"; :', { [NOT_OURS]: '1' })).toEqual([]);
  });
});

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.stdin?.end('\n');
  await exited;
}
