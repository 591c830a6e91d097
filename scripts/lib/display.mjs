import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findOnPath } from './command.mjs';

const startTimeoutMs = 10_000;

/**
 * Whether a window can be shown here.
 * @param {NodeJS.ProcessEnv} [env]
 * @param {NodeJS.Platform} [platform]
 */
export function hasDisplay(env = process.env, platform = process.platform) {
  return platform === 'darwin' || platform === 'win32' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * Starts an X server without a screen on a free display number.
 * @returns {Promise<{display: string, stop: () => Promise<void>}>} `display` is the value for `DISPLAY`
 * @throws {Error} when Xvfb is not there or is not ready within 10 s
 */
export async function startVirtualDisplay() {
  const program = await findOnPath('Xvfb');
  if (!program) throw new Error('There is no display and no Xvfb. Install the package xvfb.');
  const child = spawn(program, ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  try {
    const numberPipe = /** @type {import('node:stream').Readable} */ (child.stdio[3]);
    const given = once(numberPipe, 'data', { signal: AbortSignal.timeout(startTimeoutMs) });
    const failed = once(child, 'error').then(([error]) => Promise.reject(error));
    const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`Xvfb ended with ${code}.`)));
    const [number] = await Promise.race([given, failed, ended]);
    return { display: `:${String(number).trim()}`, stop };
  } catch (error) {
    await stop();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Xvfb gave no display: ${reason}`, { cause: error });
  }
}
