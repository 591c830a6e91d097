import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { refuseCoreDumps } from './core-dumps.ts';

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
});

/** What may be written of a process, in bytes: its own limit and the most it may ask for. */
const limitsIn = (text: string): string[] => /^Max core file size +(\S+) +(\S+)/m.exec(text)?.slice(1) ?? [];
const limitsOf = (pid: number) => limitsIn(readFileSync(`/proc/${pid}/limits`, 'utf8'));

describe.runIf(process.platform === 'linux')('core dumps', () => {
  it('are off for this process, for what it started and for what it starts', async () => {
    const [, hard = ''] = limitsOf(process.pid);
    const off = [hard === '0' ? '0' : '1', hard];
    const child = spawn('sh', ['-c', 'ulimit -S -c "$(ulimit -H -c)"; sleep 600 & echo $!; wait'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    children.push(child);
    const grandchild = Number(String((await once(child.stdout, 'data'))[0]));
    expect(limitsOf(grandchild)).toEqual([hard, hard]);
    refuseCoreDumps();
    expect([process.pid, child.pid ?? 0, grandchild].map(limitsOf)).toEqual([off, off, off]);
    expect(limitsIn(execFileSync('cat', ['/proc/self/limits'], { encoding: 'utf8' }))).toEqual(off);
    refuseCoreDumps();
    expect(limitsOf(process.pid)).toEqual(off);
    process.kill(grandchild, 'SIGKILL');
  });
});
