import { join } from 'node:path';
import { app, type BrowserWindow, safeStorage, session } from 'electron';
import { Disposables } from '../../src-shared/disposables.ts';
import type { AppServices, CreateServices, LaunchOptions } from '../app-services.ts';
import { type Paths, resolvePaths } from '../config/paths.ts';
import { processSecrets } from '../secrets/process-secrets.ts';
import { hideArguments } from '../system/hide-arguments.ts';
import { APP_ORIGIN, registerAppScheme, serveAppScheme } from './app-scheme.ts';
import { followApprovalAlerts } from './approval-alerts.ts';
import { CommandQueue } from './command-queue.ts';
import { logUncaught, recoverWindow } from './crash.ts';
import { followDeviceAlerts } from './device-alerts.ts';
import { guardAllContents, guardSession } from './guards.ts';
import { hookNotices } from './hook-notices.ts';
import { registerIpc } from './ipc-host.ts';
import { openKeychain } from './keychain.ts';
import { isLatticeLink, parseLaunchOptions } from './launch-options.ts';
import { type AppLog, openLog } from './log.ts';
import { setMenu } from './menu.ts';
import { Notifier } from './notifier.ts';
import { QuitController } from './quit.ts';
import { quitOnSystemRequest } from './quit-signals.ts';
import { createShellCalls } from './shell-calls.ts';
import { takeSingleInstance } from './single-instance.ts';
import { followPageColour, followTheme, setTheme } from './theme.ts';
import { createTray } from './tray.ts';
import { createMainWindow, focusWindow, loadMainWindow } from './window.ts';
import { WindowStateFile } from './window-state.ts';
import { followWorkAlerts } from './work-alerts.ts';
import { WorkTally } from './work-tally.ts';

export interface AppOptions {
  /** Builds the services; called after the window exists, so it may load heavy modules. */
  createServices: CreateServices;
  /** The folder of the built main script. */
  mainDir: string;
}

/** Starts the app: takes the lock, opens the window, then builds the services behind it. */
export function startApp(options: AppOptions): void {
  const startedAt = new Date();
  const paths = resolvePaths(process.env);
  app.setName('Lattice');
  // Windows shows no notification of an app that it cannot tell from others; the id is that of its installer.
  app.setAppUserModelId('dev.lattice.app');
  app.setPath('userData', join(paths.dataDir, 'electron'));
  const launch = parseLaunchOptions(process.argv);
  const commands = new CommandQueue();
  let window: BrowserWindow | undefined;
  const first = takeSingleInstance(launch, (next) => {
    if (window) focusWindow(window);
    askFor(next, commands);
  });
  if (!first) {
    app.exit(0);
    return;
  }
  const appLog = openLog(paths.logDir, process.env, processSecrets);
  logUncaught(appLog.log);
  guardAllContents(appLog.log);
  registerAppScheme();
  // With the sandbox off for the whole browser (root, containers) its helpers cannot start inside one.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.on('open-url', (event, link) => {
    event.preventDefault();
    if (isLatticeLink(link)) commands.ask('node.join', link);
    if (window) focusWindow(window);
  });
  // A link came in with the arguments of the process, and whoever lists processes should not read it there.
  if (launch.link !== undefined) hideArguments('Lattice');
  if (launch.link !== undefined) commands.ask('node.join', launch.link);
  void app.whenReady().then(() => {
    window = runApp({ ...options, startedAt, paths, launch, commands, appLog });
  });
}

interface RunOptions extends AppOptions {
  startedAt: Date;
  paths: Paths;
  launch: LaunchOptions;
  commands: CommandQueue;
  appLog: AppLog;
}

/** The part of a start that needs Electron to be ready. */
function runApp(options: RunOptions): BrowserWindow {
  const { paths, commands } = options;
  const { log, file } = options.appLog;
  const version = app.getVersion();
  log.info({ version, electron: process.versions.electron, platform: process.platform }, 'Started');
  const resources = new Disposables();
  resources.use(file);
  const state = resources.use(
    new WindowStateFile(join(paths.dataDir, 'window.json'), (error) =>
      log.warn({ err: error }, 'The window state was not kept'),
    ),
  );
  setTheme(state.state.theme);

  let services: AppServices | undefined;
  const quit = new QuitController({
    runningCalls: () => services?.runningCalls() ?? 0,
    ask: (running) => {
      if (window.webContents.isCrashed()) return false;
      focusWindow(window);
      commands.ask('app.quit-asked', String(running));
      return true;
    },
    stop: () => {
      log.info('Stopping');
      window.hide();
      return resources[Symbol.asyncDispose]();
    },
    exit: (code) => app.exit(code),
    onProblem: (error) => log.error({ err: error }, 'The app did not stop cleanly'),
  });
  const askToQuit = () => quit.request({ force: false });

  const ownSession = session.fromPartition('persist:lattice');
  guardSession(ownSession, log);
  const scriptTaken = serveAppScheme(ownSession, join(options.mainDir, '../renderer'));
  const window = createMainWindow({
    session: ownSession,
    preload: join(options.mainDir, '../preload/preload.cjs'),
    state,
    onClose: () => {
      const keep = services?.settings.snapshot().at(-1)?.keep_in_tray;
      // With no lattice there is nothing that could go on without the window.
      if (keep && services?.node.snapshot().at(-1)?.mode !== 'idle') window.hide();
      else askToQuit();
    },
  });
  window.once('show', () => log.info({ ms: Math.round(performance.now()) }, 'The window is shown'));
  quitOnSystemRequest(quit, window);
  const load = () =>
    loadMainWindow(window).catch((error: unknown) => log.warn({ err: error }, 'The window did not load'));
  const firstLoad = load();
  const onReturn = () => commands.ask('window.came-back');
  resources.use(recoverWindow({ window, log, reload: load, onReturn }));
  resources.use(followPageColour(window));
  setMenu({ run: (command) => commands.ask(command), quit: askToQuit });

  const notifier = resources.use(new Notifier());
  // Loading them keeps this process busy, so the page gets what it needs before.
  const building = Promise.race([scriptTaken, firstLoad]).then(() =>
    options.createServices({
      paths,
      env: process.env,
      log,
      resourcesDir: app.isPackaged ? process.resourcesPath : undefined,
      keychain: openKeychain(safeStorage, process.platform),
      notify: hookNotices(notifier, log, () => focusWindow(window)),
    }),
  );
  resources.defer(() =>
    building.then(
      (built) => built[Symbol.asyncDispose](),
      () => {},
    ),
  );
  const shellCalls = createShellCalls({
    window,
    paths,
    services: building,
    version,
    startedAt: options.startedAt,
    logFile: () => file.path,
    quit: (request) => quit.request(request),
  });
  resources.use(
    registerIpc({
      contents: window.webContents,
      origin: APP_ORIGIN,
      log,
      shell: { calls: shellCalls, streams: { 'commands.watch': () => commands } },
      services: building,
    }),
  );

  const attach = async () => {
    const built = await building;
    if (quit.isStopping) return;
    services = built;
    resources.use(followTheme(built.settings, (theme) => state.update({ theme })));
    const works = built.streams['works.watch'](undefined);
    const tally = resources.use(new WorkTally(works));
    const openWork = (id?: string) => {
      focusWindow(window);
      commands.ask('work.open', id);
    };
    resources.use(
      followDeviceAlerts({
        waiting: built.streams['devices.waiting'](undefined),
        window,
        notifier: new Notifier(),
        open: () => {
          focusWindow(window);
          commands.ask('devices.decide');
        },
      }),
    );
    resources.use(followWorkAlerts({ works, tally, window, open: openWork }));
    resources.use(
      followApprovalAlerts({
        approvals: built.streams['approvals.watch'](undefined),
        window,
        open: (id) => {
          focusWindow(window);
          commands.ask('approvals.open', id);
        },
      }),
    );
    resources.use(
      createTray({
        node: built.node,
        stations: built.streams['stations.watch'](undefined),
        works: tally,
        open: () => focusWindow(window),
        openWork,
        startHub: () => commands.ask('hub.start'),
        stopHub: () => {
          focusWindow(window);
          commands.ask('hub.stop');
        },
        quit: askToQuit,
      }),
    );
    await built.autoStart(options.launch);
  };
  attach().catch((error: unknown) => log.error({ err: error }, 'The station did not start'));
  return window;
}

/** Lets the window do what a second start or a link asks for. */
function askFor(launch: LaunchOptions, commands: CommandQueue): void {
  if (launch.host) commands.ask('node.host');
  if (launch.join !== undefined) commands.ask('node.join', launch.join);
  if (launch.link !== undefined) commands.ask('node.join', launch.link);
}
