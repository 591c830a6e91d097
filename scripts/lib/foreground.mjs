import { spawn } from 'node:child_process';

/**
 * Runs a program in the foreground with our terminal, passes SIGINT, SIGTERM and SIGHUP on and waits for its end.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, shell?: boolean}} [options]
 * @returns {Promise<number>} the exit code; 128 when a signal ended it, 127 when it could not be started
 */
export function runInForeground(program, args, options = {}) {
  return new Promise((resolve) => {
    const { timeoutMs, ...rest } = options;
    const child = spawn(program, args, {
      stdio: 'inherit',
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      ...rest,
    });
    /** @param {NodeJS.Signals} signal */
    const passOn = (signal) => child.kill(signal);
    /** @type {readonly NodeJS.Signals[]} */
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, passOn);
    /** @param {number} code */
    const finish = (code) => {
      for (const signal of signals) process.off(signal, passOn);
      resolve(code);
    };
    child.on('error', (error) => {
      process.stderr.write(`${program} could not be started: ${error.message}\n`);
      finish(127);
    });
    child.on('exit', (code) => finish(code ?? 128));
  });
}

/**
 * Runs a script of package.json in the foreground.
 * @param {readonly string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number}} [options]
 */
export function npmRun(args, options = {}) {
  return runInForeground('npm', ['run', '--silent', ...args], {
    ...options,
    shell: process.platform === 'win32',
  });
}
