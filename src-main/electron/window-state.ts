import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';

/** The smallest window, in device-independent pixels. */
export const MIN_WIDTH = 900;
export const MIN_HEIGHT = 600;

const DEFAULT_WIDTH = 1_440;
const DEFAULT_HEIGHT = 900;

/** How much of the title bar must be on a screen so that a person can drag the window, in pixels. */
const GRIP_WIDTH = 120;
const GRIP_HEIGHT = 24;

/** Time without a change before the state is written, in milliseconds. */
const WRITE_DELAY_MS = 400;

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

const pixel = z.int().min(-100_000).max(100_000);
const windowStateSchema = z.object({
  bounds: z.object({ x: pixel, y: pixel, width: pixel.min(1), height: pixel.min(1) }).optional(),
  maximised: z.boolean().catch(false),
  theme: z.enum(['system', 'light', 'dark']).catch('system'),
});

/** What the window remembers between two starts. */
export type WindowState = z.infer<typeof windowStateSchema>;

const DEFAULT_STATE: WindowState = { maximised: false, theme: 'system' };

/** Reads a state from untrusted text; what does not fit becomes the default. */
export function parseWindowState(text: string): WindowState {
  try {
    const { bounds, ...rest } = windowStateSchema.parse(JSON.parse(text));
    return bounds === undefined ? rest : { ...rest, bounds };
  } catch {
    return DEFAULT_STATE;
  }
}

/** Where the window goes: where it was when its title bar is still on a screen, else in the middle of the first one. */
export function placeWindow(saved: Rectangle | undefined, workAreas: readonly Rectangle[]): Rectangle {
  if (saved && workAreas.some((area) => canGrip(saved, area)))
    return {
      ...saved,
      width: Math.max(MIN_WIDTH, saved.width),
      height: Math.max(MIN_HEIGHT, saved.height),
    };
  const area = workAreas[0] ?? { x: 0, y: 0, width: DEFAULT_WIDTH, height: DEFAULT_HEIGHT };
  const width = Math.max(MIN_WIDTH, Math.min(DEFAULT_WIDTH, area.width));
  const height = Math.max(MIN_HEIGHT, Math.min(DEFAULT_HEIGHT, area.height));
  return {
    x: Math.max(area.x, Math.round(area.x + (area.width - width) / 2)),
    y: Math.max(area.y, Math.round(area.y + (area.height - height) / 2)),
    width,
    height,
  };
}

function canGrip(bounds: Rectangle, area: Rectangle): boolean {
  const visible = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
  return visible >= GRIP_WIDTH && bounds.y >= area.y - 1 && bounds.y + GRIP_HEIGHT <= area.y + area.height;
}

/** Keeps the state in one file; writes are gathered, and the last one is done when it is disposed. */
export class WindowStateFile implements Disposable {
  readonly #file: string;
  readonly #onError: (error: unknown) => void;
  #state: WindowState;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(file: string, onError: (error: unknown) => void) {
    this.#file = file;
    this.#onError = onError;
    this.#state = readState(file);
  }

  get state(): WindowState {
    return this.#state;
  }

  update(change: Partial<WindowState>): void {
    const next = { ...this.#state, ...change };
    if (JSON.stringify(next) === JSON.stringify(this.#state)) return;
    this.#state = next;
    this.#timer ??= setTimeout(() => this.#write(), WRITE_DELAY_MS);
  }

  [Symbol.dispose](): void {
    if (this.#timer !== undefined) this.#write();
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      writeFileAtomic.sync(this.#file, `${JSON.stringify(this.#state, null, 2)}\n`);
    } catch (error) {
      this.#onError(error);
    }
  }
}

function readState(file: string): WindowState {
  try {
    return parseWindowState(readFileSync(file, 'utf8'));
  } catch {
    return DEFAULT_STATE;
  }
}
