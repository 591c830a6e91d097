/** What the tray shows by shape and colour. */
export type TrayState = 'running' | 'changing' | 'off' | 'failed';

const colours: Readonly<Record<TrayState, readonly [red: number, green: number, blue: number]>> = {
  running: [0x1e, 0x95, 0x60],
  changing: [0xa1, 0x78, 0x00],
  off: [0x7b, 0x83, 0x8f],
  failed: [0xd9, 0x3a, 0x40],
};

/**
 * Draws a tray icon as premultiplied BGRA pixels: a disc when the hub runs, a half-filled ring while it changes, a ring
 * when it is off and a ring with a bar when it failed. `template` draws in black for the macOS menu bar.
 */
export function drawTrayIcon(state: TrayState, size: number, template: boolean): Uint8Array {
  const [red, green, blue] = template ? [0, 0, 0] : colours[state];
  const pixels = new Uint8Array(size * size * 4);
  const outer = size * 0.42;
  const inner = outer - Math.max(1.5, size * 0.12);
  for (let index = 0; index < size * size; index += 1) {
    const x = (index % size) + 0.5 - size / 2;
    const y = Math.floor(index / size) + 0.5 - size / 2;
    const distance = Math.hypot(x, y);
    const alpha = within(outer - distance) * Math.max(within(distance - inner), fill(state, x, y, size));
    pixels.set([blue * alpha, green * alpha, red * alpha, 255 * alpha], index * 4);
  }
  return pixels;
}

function fill(state: TrayState, x: number, y: number, size: number): number {
  if (state === 'running') return 1;
  if (state === 'changing') return within(-x);
  return state === 'failed' ? within(size * 0.07 - Math.abs(x + y) / Math.SQRT2) : 0;
}

/** How much of a pixel lies inside an edge that is `depth` pixels away. */
function within(depth: number): number {
  return Math.min(1, Math.max(0, depth + 0.5));
}
