import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

const module = new URL('./foreground.mjs', import.meta.url).href;

/** Starts a Node process that runs a program in its foreground. */
function parentOf(script: string) {
  const code = `import { runInForeground } from '${module}';
    process.exitCode = await runInForeground(process.execPath, ['-e', ${JSON.stringify(script)}]);`;
  return spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

it('gives the exit code of the program', async () => {
  const [code] = await once(parentOf('process.exitCode = 7'), 'exit');
  expect(code).toBe(7);
});

it.each(['SIGINT', 'SIGTERM'] as const)('passes %s on and waits for a clean end', async (signal) => {
  const parent = parentOf(
    `process.on('${signal}', () => { console.log('stopping'); setImmediate(() => process.exit(5)); });
     setInterval(() => undefined, 1000); console.log('ready');`,
  );
  let said = '';
  const ready = new Promise<void>((resolve) => {
    parent.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('ready')) resolve();
    });
  });
  await ready;
  const ended = once(parent, 'exit');
  parent.kill(signal);
  const [code] = await ended;
  expect(code).toBe(5);
  expect(said).toContain('stopping');
});
