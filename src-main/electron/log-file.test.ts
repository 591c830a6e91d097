import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LogFile } from './log-file.ts';

const DAY_MS = 86_400_000;

let folder: string;
let time: number;
let log: LogFile;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lattice-log-'));
  time = Date.UTC(2026, 0, 1);
  log = new LogFile({ folder: join(folder, 'log'), now: () => new Date(time), maxBytes: 20 });
});

afterEach(() => {
  log[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

describe('LogFile', () => {
  it('begins a file per day that only its owner reads and keeps 14', () => {
    for (let day = 0; day < 20; day += 1) {
      log.write(`day ${day}\n`);
      time += DAY_MS;
    }
    const names = readdirSync(join(folder, 'log')).sort();
    expect(names).toHaveLength(14);
    expect(names[0]).toBe('lattice-2026-01-07.log');
    expect(names.at(-1)).toBe('lattice-2026-01-20.log');
    expect(statSync(join(folder, 'log/lattice-2026-01-20.log')).mode & 0o777).toBe(0o600);
  });

  it('goes on in another file of the day when one gets long, also after a restart', () => {
    log.write('0123456789\n');
    log.write('0123456789\n');
    log.write('third\n');
    log[Symbol.dispose]();
    const next = new LogFile({ folder: join(folder, 'log'), now: () => new Date(time), maxBytes: 20 });
    next.write('fourth\n');
    expect(next.path).toBe(join(folder, 'log/lattice-2026-01-01-001.log'));
    expect(readFileSync(next.path, 'utf8')).toBe('third\nfourth\n');
    next[Symbol.dispose]();
  });

  it('tells on stderr what it cannot write and does not throw', () => {
    writeFileSync(join(folder, 'log'), 'in the way');
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    log.write('lost line\n');
    expect(stderr).toHaveBeenCalledWith(expect.stringContaining('lost line'));
    stderr.mockRestore();
  });
});
