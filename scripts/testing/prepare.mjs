import { installPackages, missingPackages, networkPackages, windowPackages } from '../lib/debian.mjs';
import { hasDisplay, startVirtualDisplay } from '../lib/display.mjs';
import { electron } from '../runtimes/electron.mjs';
import { natsServer, oldNatsServer } from '../runtimes/nats-server.mjs';
import { opencode } from '../runtimes/opencode.mjs';
import { ohMyOpenCodeSchema } from '../runtimes/plugin-schema.mjs';

/**
 * @typedef {object} Prepared
 * @property {NodeJS.ProcessEnv} env What the tests find in their environment.
 * @property {string[]} problems What could not be brought; each makes the run fail.
 * @property {() => Promise<void>} stop
 */

/**
 * Brings the runtimes, schemas that unit tests compare with, the packages a window needs and, where there is no screen, a display.
 * @param {{window: boolean, schemas?: boolean, report: (line: string) => void}} options
 * @returns {Promise<Prepared>}
 */
export async function prepare({ window, schemas = false, report }) {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env };
  /** @type {string[]} */
  const problems = [];
  let stop = async () => undefined;
  /** @param {() => Promise<void>} step */
  const attempt = async (step) => {
    try {
      await step();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      problems.push(reason);
      report(reason);
    }
  };

  await attempt(async () => {
    env.LATTICE_NATS_SERVER = (await natsServer()).path;
  });
  try {
    env.LATTICE_NATS_SERVER_29 = (await oldNatsServer()).path;
  } catch {
    report('The tests run without nats-server 2.9.');
  }
  if (schemas) {
    await attempt(async () => {
      env.LATTICE_OH_MY_OPENCODE_SCHEMA = await ohMyOpenCodeSchema({ report });
    });
  }
  if (window) {
    await attempt(() => bringPackages(windowPackages, report));
    // Without them the end-to-end suite says what it left out.
    await bringPackages(networkPackages, report).catch(() => undefined);
    await attempt(async () => {
      env.LATTICE_ELECTRON = (await electron()).path;
    });
    await attempt(async () => {
      env.LATTICE_OPENCODE = (await opencode()).path;
    });
    if (!hasDisplay()) {
      await attempt(async () => {
        const display = await startVirtualDisplay();
        env.DISPLAY = display.display;
        stop = async () => {
          await display.stop();
          return undefined;
        };
      });
    }
  }
  return { env, problems, stop: () => stop() };
}

/**
 * @param {readonly string[]} packages
 * @param {(line: string) => void} report
 */
async function bringPackages(packages, report) {
  const missing = await missingPackages(packages);
  if (!missing || missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    throw new Error(
      `Missing packages. Run: sudo apt-get install --no-install-recommends ${missing.join(' ')}`,
    );
  }
  await installPackages(missing, report);
}
