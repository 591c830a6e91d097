import { homedir } from 'node:os';
import { LatticeError } from '../src-shared/errors.ts';
import type { CallOutput } from '../src-shared/ipc.ts';
import type { Settings } from '../src-shared/views/settings.ts';
import type { Catalog } from './agents/catalog.ts';
import { findNatsServer } from './hub/binary.ts';
import { isPortFree, portTaken } from './hub/ports.ts';

/** What a person should know before hosting: is there a nats-server, is the port free, are there agents. */
export async function hostChecks(options: {
  settings: Settings;
  catalog: Catalog;
  resourcesDir: string | undefined;
  env: NodeJS.ProcessEnv;
}): Promise<CallOutput<'app.checks'>> {
  await options.catalog.ready;
  return Promise.all([
    serverCheck(options),
    portCheck(options.settings.port),
    agentCheck(options.catalog, options.settings),
  ]);
}

type Check = CallOutput<'app.checks'>[number];

async function serverCheck(search: {
  resourcesDir: string | undefined;
  env: NodeJS.ProcessEnv;
}): Promise<Check> {
  try {
    const { version } = await findNatsServer({ env: search.env, resourcesDir: search.resourcesDir });
    return { id: 'nats-server', ok: true, label: `nats-server ${version}` };
  } catch (error) {
    const { message, hint } = LatticeError.from(error);
    return { id: 'nats-server', ok: false, label: 'No nats-server', hint: hint ?? message };
  }
}

async function portCheck(port: number): Promise<Check> {
  if (port === 0 || (await isPortFree('127.0.0.1', port)))
    return { id: 'port', ok: true, label: port === 0 ? 'Any free port' : `Port ${port} is free` };
  const { message } = await portTaken('127.0.0.1', port);
  return { id: 'port', ok: false, label: `Port ${port} is taken`, hint: message };
}

function agentCheck(catalog: Catalog, settings: Settings): Check {
  const count = catalog.definitions.value.length;
  const folder = settings.project_dir.replace(homedir(), '~');
  const [problem] = catalog.problems.value;
  if (problem) return { id: 'agents', ok: false, label: problem.title, hint: problem.detail };
  return count > 0
    ? { id: 'agents', ok: true, label: `${count} ${count === 1 ? 'agent' : 'agents'} in ${folder}` }
    : { id: 'agents', ok: true, label: `No agents yet in ${folder}` };
}
