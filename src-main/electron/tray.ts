import { Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron';
import type { LiveSource } from '../../src-shared/live.ts';
import type { StationView } from '../../src-shared/views/mesh.ts';
import type { NodeView } from '../../src-shared/views/node.ts';
import { drawTrayIcon, type TrayState } from './tray-icon.ts';
import { describeTray, type TrayView } from './tray-view.ts';
import type { WorkTally } from './work-tally.ts';

/** Time in which several changes become one redraw, in milliseconds. */
const REDRAW_DELAY_MS = 250;
const ICON_SIZE = 16;

export interface TrayOptions {
  node: LiveSource<NodeView>;
  stations: LiveSource<StationView>;
  works: WorkTally;
  open(): void;
  /** Opens a work in the window, or all of them. */
  openWork(id?: string): void;
  startHub(): void;
  stopHub(): void;
  quit(): void;
}

/** Shows the state of the hub and who is online beside the clock, with the few commands that need no window. */
export function createTray(options: TrayOptions): Disposable {
  const tray = new Tray(icon('off'));
  let shown = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  const redraw = () => {
    timer = undefined;
    const view = describeTray(options.node.snapshot().at(-1), options.stations.snapshot(), options.works);
    const key = JSON.stringify(view);
    if (key === shown) return;
    shown = key;
    tray.setImage(icon(view.state));
    tray.setToolTip(view.lines.join(' · '));
    tray.setContextMenu(
      Menu.buildFromTemplate([
        ...view.lines.map((label) => ({ label, enabled: false })),
        ...waitingEntries(view, options.openWork),
        { type: 'separator' },
        { label: 'Open Lattice', click: options.open },
        { label: 'Start the hub', click: options.startHub, visible: view.canStartHub },
        { label: 'Stop the hub', click: options.stopHub, visible: view.canStopHub },
        { type: 'separator' },
        { label: 'Quit', click: options.quit },
      ]),
    );
  };
  const redrawSoon = () => {
    timer ??= setTimeout(redraw, REDRAW_DELAY_MS);
  };
  tray.on('click', options.open);
  const following = [
    options.node.on(redrawSoon),
    options.stations.on(redrawSoon),
    options.works.changed.on(redrawSoon),
  ];
  redraw();
  return {
    [Symbol.dispose]() {
      for (const one of following) one[Symbol.dispose]();
      clearTimeout(timer);
      tray.destroy();
    },
  };
}

function waitingEntries(view: TrayView, openWork: TrayOptions['openWork']): MenuItemConstructorOptions[] {
  const entries: MenuItemConstructorOptions[] = view.waiting.map(({ id, label }) => ({
    // In a menu one ampersand marks a key, and two are one.
    label: label.replaceAll('&', '&&'),
    click: () => openWork(id),
  }));
  if (view.moreWaiting > 0) entries.push({ label: `${view.moreWaiting} more`, click: () => openWork() });
  return entries.length === 0 ? [] : [{ type: 'separator' }, ...entries];
}

function icon(state: TrayState) {
  const template = process.platform === 'darwin';
  const image = nativeImage.createEmpty();
  for (const scaleFactor of [1, 2]) {
    const size = ICON_SIZE * scaleFactor;
    const buffer = Buffer.from(drawTrayIcon(state, size, template));
    image.addRepresentation({ scaleFactor, width: size, height: size, buffer });
  }
  image.setTemplateImage(template);
  return image;
}
