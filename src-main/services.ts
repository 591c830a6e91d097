import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { CallInput } from '../src-shared/ipc.ts';
import { present } from '../src-shared/present.ts';
import { agentCalls } from './agent-services.ts';
import type { AppServices, CreateServices, LaunchOptions } from './app-services.ts';
import { openBoardServices } from './board-services.ts';
import { hostChecks } from './checks.ts';
import { natsAuthOf, natsTlsOf } from './config/nats-access.ts';
import { SettingsStore } from './config/settings.ts';
import { initProject } from './config/template.ts';
import { deviceServices } from './device-services.ts';
import { collectDiagnostics } from './diagnostics/collect.ts';
import { Diagnostics } from './diagnostics/diagnostics.ts';
import { externalCalls } from './external-services.ts';
import { guestCalls } from './guest-services.ts';
import { LatticeNode } from './lattice-node.ts';
import { routingServices } from './routing-services.ts';
import { openSecrets } from './secret-services.ts';
import { refuseCoreDumps } from './system/core-dumps.ts';
import { usageStreams } from './usage-services.ts';
import { workCalls, workStreams } from './work-services.ts';

/** Builds the running station of the app and answers the window's calls with it; no rule lives here. */
export const createServices: CreateServices = async ({
  paths,
  env,
  log,
  resourcesDir,
  notify,
  keychain,
}): Promise<AppServices> => {
  try {
    refuseCoreDumps();
  } catch (error) {
    log.warn({ err: error }, 'Core dumps are not off');
  }
  const settings = await SettingsStore.open({
    file: paths.configFile,
    env,
    projectDir: join(homedir(), 'Lattice'),
  });
  const secrets = await openSecrets({ keychain, keep: settings.config.secrets, log });
  const node = await LatticeNode.create({
    paths,
    config: settings.config,
    projectDir: settings.live.value.project_dir,
    resourcesDir,
    notify,
    secrets: secrets.files,
  });
  const diagnostics = new Diagnostics(() =>
    collectDiagnostics({
      paths,
      settings: settings.loaded,
      secrets: secrets.view(),
      status: node.view.value,
      resourcesDir,
      env,
    }),
  );
  const routing = await routingServices({
    node,
    paths,
    env,
    onProblem: (problem) => log.warn({ err: problem }, 'Routing'),
  });
  const devices = deviceServices(node);
  const boards = await openBoardServices(node, (message, error) => log.warn({ err: error }, message));
  const settled = ({ url, auth, tls }: CallInput<'node.join'>) => ({
    url,
    auth: { ...natsAuthOf(settings.config), ...auth },
    tls: { ...natsTlsOf(settings.config), ...tls },
    ...present({ inboxPrefix: settings.config.nats_inbox_prefix }),
  });
  const joinLattice = (input: CallInput<'node.join'>) => node.join(settled(input));
  const changeSettings = async (change: CallInput<'settings.set'>) => {
    const values = await settings.set(change);
    node.configure(settings.config);
    await secrets.files.keepIn(settings.config.secrets);
    if (values.project_dir !== node.projectDir) await node.moveTo(values.project_dir);
    return values;
  };
  const ignoreRefusal = (error: unknown) =>
    log.warn({ err: error }, 'The lattice was not entered at the start');

  return {
    node: node.view,
    settings: settings.live,
    runningCalls: () => node.running,
    attachFile: (board, task, path) => boards.attachFile(board, task, path),
    diagnostics: () => diagnostics.zip,
    joinSecret: (address) => node.joinSecret(address),
    pathOf: (target) => {
      const path = {
        project: node.projectDir,
        agents: join(node.projectDir, 'agents'),
        hub_log: node.hubLogFile,
      }[target];
      return path !== undefined && existsSync(path) ? path : undefined;
    },
    autoStart: async (launch: LaunchOptions) => {
      if (launch.host) await node.host().catch(ignoreRefusal);
      else if (launch.join !== undefined) await joinLattice({ url: launch.join }).catch(ignoreRefusal);
    },
    calls: {
      'app.checks': () =>
        hostChecks({ settings: settings.live.value, catalog: node.catalog, resourcesDir, env }),
      'node.host': (change) => node.host(change),
      'node.join': joinLattice,
      'node.standalone': () => node.standalone(),
      'node.leave': () => node.leave(),
      'node.reconnect': () => node.reconnect(),
      'hub.start': () => node.controlHub('start'),
      'hub.stop': () => node.controlHub('stop'),
      'hub.restart': () => node.controlHub('restart'),
      'hub.share': async ({ shared }) => ({ addresses: await node.share(shared) }),
      'project.init': async () => {
        const { projectDir, written } = await initProject(node.projectDir);
        return { folder: projectDir, written };
      },
      'agents.route': (query) => node.route(query),
      'runs.start': (input) => ({ id: node.runs.start(input) }),
      'runs.cancel': ({ id }) => node.runs.cancel(id),
      ...agentCalls(node, env),
      ...devices.calls,
      'approvals.answer': (answer) => node.answerApproval(answer),
      'secrets.kept': () => secrets.view(),
      'diagnostics.collect': () => diagnostics.collect(),
      ...externalCalls({ node, env, settled }),
      ...guestCalls(node),
      ...workCalls(node),
      ...routing.calls,
      ...boards.calls,
      'settings.get': () => ({ values: settings.live.value, origins: settings.origins }),
      'settings.set': changeSettings,
    },
    streams: {
      'node.watch': () => node.view,
      'stations.watch': () => node.stations,
      'agents.watch': () => node.agents,
      'events.watch': () => node.events,
      'runs.watch': () => node.runs.runs,
      'runs.output': ({ id }) => node.runs.output(id),
      ...workStreams(node),
      'approvals.watch': () => node.approvals,
      ...usageStreams(node),
      ...devices.streams,
      ...routing.streams,
      ...boards.streams,
      'hub.metrics': () => node.hubMetrics,
      'hub.log': () => node.hubLog,
    },
    async [Symbol.asyncDispose]() {
      await boards[Symbol.asyncDispose]();
      await routing[Symbol.asyncDispose]();
      await node[Symbol.asyncDispose]();
    },
  };
};
