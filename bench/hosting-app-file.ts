import { _electron, type ElectronApplication } from 'playwright-core';

/** Starts the built app with a home of its own, hosting the agents of a project. @throws Error without LATTICE_ELECTRON. */
export async function launchHosting(home: string, project: string): Promise<ElectronApplication> {
  const executablePath = process.env.LATTICE_ELECTRON;
  if (!executablePath) throw new Error('Set LATTICE_ELECTRON, or run npm run bench.');
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return _electron.launch({
    executablePath,
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), process.cwd(), '--host'],
    env: {
      ...Object.fromEntries(own),
      LATTICE_HOME: home,
      LATTICE_PORT: '0',
      LATTICE_HTTP_PORT: '0',
      LATTICE_PROJECT_DIR: project,
    },
  });
}
