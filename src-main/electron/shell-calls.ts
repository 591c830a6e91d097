import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { app, type BrowserWindow, clipboard, dialog, shell } from 'electron';
import writeFileAtomic from 'write-file-atomic';
import { LatticeError } from '../../src-shared/errors.ts';
import type { CallInput } from '../../src-shared/ipc.ts';
import type { AppServices, CallHandlers, ShellCall } from '../app-services.ts';
import type { Paths } from '../config/paths.ts';
import { diagnosticsName } from '../diagnostics/diagnostics.ts';
import { parseExternalUrl } from './external-url.ts';

export interface ShellCallsOptions {
  window: BrowserWindow;
  paths: Paths;
  services: Promise<Pick<AppServices, 'pathOf' | 'joinSecret' | 'attachFile' | 'diagnostics'>>;
  version: string;
  startedAt: Date;
  logFile(): string;
  quit(options: { force: boolean }): void;
}

type RevealTarget = CallInput<'app.reveal'>['target'];

/** The calls that need Electron itself. */
export function createShellCalls(options: ShellCallsOptions): Pick<CallHandlers, ShellCall> {
  const { window, paths } = options;
  const locate = async (target: RevealTarget): Promise<string | undefined> => {
    if (target === 'config') return paths.configFile;
    if (target === 'data') return paths.dataDir;
    return (await options.services).pathOf(target);
  };
  return {
    'app.info': () => ({
      version: options.version,
      electron: process.versions.electron ?? '',
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
      config_file: paths.configFile,
      data_dir: paths.dataDir,
      log_file: options.logFile(),
      started_at: options.startedAt.toISOString(),
    }),
    'app.openExternal': async ({ url }) => {
      await shell.openExternal(parseExternalUrl(url));
    },
    'app.reveal': async ({ target }) => {
      await reveal(await locate(target));
    },
    'app.copy': async ({ text }) => {
      await clipboard.writeText(text);
    },
    'app.paste': async () => await clipboard.readText(),
    'app.chooseFolder': async () => {
      const { filePaths } = await dialog.showOpenDialog(window, {
        properties: ['openDirectory', 'createDirectory'],
      });
      const [path] = filePaths;
      return path === undefined ? {} : { path };
    },
    'app.attachFile': async ({ board, task }) => {
      const { filePaths } = await dialog.showOpenDialog(window, { properties: ['openFile'] });
      const [path] = filePaths;
      if (path === undefined) return {};
      return { name: await (await options.services).attachFile(board, task, path) };
    },
    'diagnostics.save': async () => {
      const zip = (await options.services).diagnostics();
      const { filePath } = await dialog.showSaveDialog(window, {
        defaultPath: join(app.getPath('downloads'), diagnosticsName(new Date())),
        filters: [{ name: 'Zip', extensions: ['zip'] }],
      });
      if (!filePath) return {};
      await writeFileAtomic(filePath, Buffer.from(zip), { mode: 0o600 });
      shell.showItemInFolder(filePath);
      return { path: filePath };
    },
    'app.quit': ({ force }) => options.quit({ force }),
    'app.hide': () => window.hide(),
    'hub.copyJoin': async ({ address }) => {
      await clipboard.writeText((await options.services).joinSecret(address));
    },
  };
}

async function reveal(path: string | undefined): Promise<void> {
  const found = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (path === undefined || !found)
    throw new LatticeError('not_found', `${path ?? 'That place'} does not exist yet.`);
  if (!found.isDirectory()) return shell.showItemInFolder(path);
  const problem = await shell.openPath(path);
  if (problem) throw new LatticeError('io_failed', problem);
}
