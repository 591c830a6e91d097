import { Menu, nativeImage, Tray } from 'electron';
import type { LiveSource } from '../../src-shared/live.ts';
import type { StationView } from '../../src-shared/views/mesh.ts';
import type { NodeView } from '../../src-shared/views/node.ts';
import { drawTrayIcon, type TrayState } from './tray-icon.ts';
import { describeTray } from './tray-view.ts';

/** Time in which several changes become one redraw, in milliseconds. */
const REDRAW_DELAY_MS = 250;
const ICON_SIZE = 16;

export interface TrayOptions {
  node: LiveSource<NodeView>;
  stations: LiveSource<StationView>;
  open(): void;
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
    const view = describeTray(options.node.snapshot().at(-1), options.stations.snapshot());
    const key = JSON.stringify(view);
    if (key === shown) return;
    shown = key;
    tray.setImage(icon(view.state));
    tray.setToolTip(view.lines.join(' · '));
    tray.setContextMenu(
      Menu.buildFromTemplate([
        ...view.lines.map((label) => ({ label, enabled: false })),
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
  const following = [options.node.on(redrawSoon), options.stations.on(redrawSoon)];
  redraw();
  return {
    [Symbol.dispose]() {
      for (const one of following) one[Symbol.dispose]();
      clearTimeout(timer);
      tray.destroy();
    },
  };
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
