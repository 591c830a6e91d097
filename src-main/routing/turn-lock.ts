import { createHash, randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { LatticeError } from '../../src-shared/errors.ts';
import { identify } from '../system/process-identity.ts';

const holderSchema = z.object({ pid: z.int().min(1), started: z.string(), turn: z.string() });

const MOST_WAIT_MS = 4;
/** Turns take a millisecond or two; whoever keeps one longer is looked at. */
const SUSPICIOUS_MS = 50;

/**
 * A lock between processes for turns of a few milliseconds. Taking a free one is a handful of quick file calls made
 * without a pause. The file names its holder, so the lock of a process that was killed is broken by the next one.
 */
export class TurnLock {
  readonly #file: string;
  readonly #timeoutMs: number;
  #started: string | undefined;

  constructor(file: string, timeoutMs: number) {
    this.#file = file;
    this.#timeoutMs = timeoutMs;
  }

  /** Waits for the turn. @throws LatticeError `busy` after the time, and what the file system throws. */
  async take(): Promise<Disposable> {
    if (this.#started === undefined) {
      mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
      this.#started = (await identify(process.pid))?.start_time ?? '';
    }
    const deadline = performance.now() + this.#timeoutMs;
    let seen: { text: string; since: number } | undefined;
    for (let wait = 1; ; wait = Math.min(MOST_WAIT_MS, wait * 2)) {
      if (this.#create(this.#file)) return { [Symbol.dispose]: () => removeFile(this.#file) };
      const text = readText(this.#file);
      if (text === undefined) continue;
      const now = performance.now();
      if (seen?.text !== text) seen = { text, since: now };
      else if (now - seen.since > SUSPICIOUS_MS && !(await isHeld(text))) await this.#break(this.#file, text);
      if (now > deadline) throw busy(text);
      await pause(wait * (0.5 + Math.random()));
    }
  }

  /** Creates a file that names this turn, unless it is there. A hard link appears whole or not at all. */
  #create(file: string): boolean {
    const turn = randomUUID();
    const draft = `${file}.${turn}`;
    try {
      writeFileSync(draft, JSON.stringify({ pid: process.pid, started: this.#started, turn }), {
        mode: 0o600,
      });
      linkSync(draft, file);
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    } finally {
      removeFile(draft);
    }
  }

  /**
   * Removes the lock of a dead turn. Many may find the same dead turn at once, and one that was slow to act must not
   * remove the lock of the next holder: so only who creates the file named after the dead turn may remove its lock, and
   * only while it is still there. That file is a lock like any other, for the case that its maker is killed as well.
   */
  async #break(file: string, text: string): Promise<void> {
    const permit = `${this.#file}.break-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
    if (!this.#create(permit)) {
      const other = readText(permit);
      if (other !== undefined && !(await isHeld(other))) await this.#break(permit, other);
      return;
    }
    try {
      if (readText(file) === text) removeFile(file);
    } finally {
      removeFile(permit);
    }
  }
}

async function isHeld(text: string): Promise<boolean> {
  const holder = parse(text);
  return holder !== undefined && (await identify(holder.pid))?.start_time === holder.started;
}

function parse(text: string): z.infer<typeof holderSchema> | undefined {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function readText(file: string): string | undefined {
  return unlessGone(() => readFileSync(file, 'utf8'));
}

/** Several times quicker than `rmSync`, which looks first whether it is a folder. */
function removeFile(file: string): void {
  unlessGone(() => unlinkSync(file));
}

/** What a file call gives, or undefined when the file is not there. */
function unlessGone<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function busy(text: string): LatticeError {
  const pid = parse(text)?.pid;
  return new LatticeError(
    'busy',
    `The routing state is held by another process${pid === undefined ? '' : ` (pid ${pid})`}.`,
    { hint: 'Wait for it, or end it when it hangs.' },
  );
}
