import { configDefaults, defineConfig } from 'vitest/config';
import { whyNoNetworks } from './e2e/network-support.ts';

/** Fails a run in which a process got a secret of a test in its arguments or its environment. */
const secretWatch = 'src-main/testing/secret-watch.ts';

/** Whole stations, hubs that fail and come back, many processes at once: what takes real seconds. */
const SYSTEM = 'src-*/**/*.system.test.ts';

export default defineConfig({
  test: {
    // Tests wait for servers and processes more than they compute.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src-*/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
          exclude: [...configDefaults.exclude, SYSTEM],
          // Nothing is left between files, so that a worker loads each module once: half the time of the whole run.
          isolate: false,
          restoreMocks: true,
          unstubEnvs: true,
          unstubGlobals: true,
          globalSetup: [secretWatch],
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'system',
          include: [SYSTEM],
          globalSetup: [secretWatch],
          testTimeout: 60_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'screenshots',
          include: ['e2e/screenshots.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'runtimes',
          include: ['e2e/runtimes.ts'],
          globalSetup: [secretWatch],
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude: [
            ...configDefaults.exclude,
            ...(whyNoNetworks() === undefined ? [] : ['e2e/network-*.test.ts']),
          ],
          globalSetup: ['e2e/left-out.ts', secretWatch],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
