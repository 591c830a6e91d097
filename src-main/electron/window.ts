import { BrowserWindow, type Session, screen } from 'electron';
import { APP_ORIGIN } from './app-scheme.ts';
import { pageColour } from './theme.ts';
import { MIN_HEIGHT, MIN_WIDTH, placeWindow, type WindowStateFile } from './window-state.ts';

export interface MainWindowOptions {
  session: Session;
  /** The built preload script. */
  preload: string;
  state: WindowStateFile;
  /** The person wants the window closed; the window itself stays. */
  onClose(): void;
}

/** Creates the one window, where it was last time; it shows itself when its first frame is painted. */
export function createMainWindow(options: MainWindowOptions): BrowserWindow {
  const { state } = options;
  const workAreas = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map(({ workArea }) => workArea);
  const window = new BrowserWindow({
    ...placeWindow(state.state.bounds, workAreas),
    minWidth: MIN_WIDTH,
    minHeight: MIN_HEIGHT,
    show: false,
    title: 'Lattice',
    backgroundColor: pageColour(),
    autoHideMenuBar: true,
    titleBarStyle: process.platform === 'darwin' ? 'hiddenInset' : 'default',
    webPreferences: {
      session: options.session,
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
    },
  });
  const remember = () => {
    if (window.isDestroyed() || window.isMinimized()) return;
    state.update({ bounds: window.getNormalBounds(), maximised: window.isMaximized() });
  };
  window.on('resize', remember);
  window.on('move', remember);
  window.on('maximize', remember);
  window.on('unmaximize', remember);
  window.on('close', (event) => {
    event.preventDefault();
    options.onClose();
  });
  window.once('ready-to-show', () => {
    if (state.state.maximised) window.maximize();
    window.show();
  });
  return window;
}

/** Loads the built window; resolves when it is there or was replaced by a reload. */
export async function loadMainWindow(window: BrowserWindow): Promise<void> {
  await window.loadURL(`${APP_ORIGIN}/index.html`);
}

/** Brings the window to the front from wherever it is. */
export function focusWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
