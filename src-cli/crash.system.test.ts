import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectNoLeak,
  findSecretsIn,
  findSecretsInText,
  makeSecret,
} from '../src-main/testing/find-secrets.ts';
import { BuiltCli, end } from './testing/built-cli.ts';

const TOKEN = makeSecret();

/** Runs inside the command: what the signal asks for goes wrong where nobody catches it. */
const FAULTS = `
const token = process.env.LATTICE_AUTH_TOKEN;
const cause = { url: \`nats://\${token}@hub:4222\`, token };
process.on('SIGUSR2', () => {
  throw new Error(\`The hub refused \${token}\`, { cause });
});
process.on('SIGCONT', () => {
  void Promise.reject(new Error(\`The hub refused \${token}\`, { cause }));
});
`;

let cli: BuiltCli;
beforeAll(async () => {
  cli = await BuiltCli.build();
  await writeFile(join(cli.folder, 'faults.mjs'), FAULTS);
}, 60_000);
afterAll(async () => {
  await cli[Symbol.asyncDispose]();
}, 30_000);

interface Crash {
  code: number | null;
  signal: NodeJS.Signals | null;
  printed: string;
}

/** Hosts a lattice where the system may write dumps of any size, and makes it end by a signal once it is ready. */
async function crash(home: string, signal: NodeJS.Signals): Promise<Crash> {
  const cwd = join(cli.folder, home);
  await mkdir(cwd);
  const faults = pathToFileURL(join(cli.folder, 'faults.mjs')).href;
  const serve = [cli.script, 'serve', '--orchestration', '--port', '0', '--http-port', '0'];
  const child = spawn(
    'sh',
    ['-c', 'ulimit -S -c "$(ulimit -H -c)"; exec "$0" "$@"', process.execPath, '--import', faults, ...serve],
    {
      cwd,
      env: { ...cli.environment(home), LATTICE_AUTH_TOKEN: TOKEN },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let printed = '';
  const closed = once(child, 'close');
  const ready = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
        if (printed.includes('Ctrl C stops it')) resolve();
      });
  });
  await Promise.race([ready, closed]);
  child.kill(signal);
  const [code, ended] = await closed;
  return { code, signal: ended, printed };
}

/** The next start takes over the hub that went on, and ends it with itself. */
async function startAgain(home: string): Promise<void> {
  const { child } = await cli.stay(['serve', '--orchestration', '--port', '0', '--http-port', '0'], {
    home,
  });
  expect(await end(child, 'SIGTERM')).toBe(0);
}

function expectNothingWritten(home: string, printed: string): void {
  const written = readdirSync(join(cli.folder, home));
  expect(written).toEqual([]);
  expectNoLeak([...findSecretsIn(cli.folder), ...findSecretsInText('what it printed', printed)]);
}

describe.runIf(process.platform !== 'win32')('lattice serve', () => {
  it.each(['SIGABRT', 'SIGSEGV'] as const)(
    'leaves neither a dump nor a secret when %s ends it',
    async (signal) => {
      const crashed = await crash(signal, signal);
      expect(crashed).toMatchObject({ code: null, signal });
      expectNothingWritten(signal, crashed.printed);
      await startAgain(signal);
    },
  );

  it.each([
    ['an error that nobody caught', 'SIGUSR2'],
    ['a promise whose failure nobody caught', 'SIGCONT'],
  ] as const)('ends with the words of %s, without its secrets', async (name, signal) => {
    const crashed = await crash(signal, signal);
    expect(crashed, name).toMatchObject({ code: 1, signal: null });
    expect(crashed.printed).toContain('The hub refused [redacted]');
    expect(crashed.printed).toContain("token: '[redacted]'");
    expectNothingWritten(signal, crashed.printed);
    await startAgain(signal);
  });
});
