import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MIN_HEIGHT, MIN_WIDTH, parseWindowState, placeWindow, WindowStateFile } from './window-state.ts';

const SCREEN = { x: 0, y: 0, width: 1_920, height: 1_040 };
const SECOND = { x: 1_920, y: 0, width: 1_280, height: 1_024 };

describe('parseWindowState', () => {
  it('keeps what fits and replaces the rest', () => {
    const bounds = { x: -10, y: 20, width: 1_000, height: 700 };
    expect(parseWindowState(JSON.stringify({ bounds, maximised: true, theme: 'dark' }))).toEqual({
      bounds,
      maximised: true,
      theme: 'dark',
    });
    expect(parseWindowState('{"maximised":"yes","theme":7}')).toEqual({ maximised: false, theme: 'system' });
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '7',
    '{"bounds":{"x":1e99,"y":0,"width":900,"height":600}}',
    '{"bounds":{"x":0,"y":0,"width":-5,"height":600}}',
    '{"bounds":"left"}',
  ])('takes the default for %j', (text) => {
    expect(parseWindowState(text)).toEqual({ maximised: false, theme: 'system' });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseWindowState(text)));
  });
});

describe('placeWindow', () => {
  it('puts a window back on any screen that is still there', () => {
    const bounds = { x: 2_000, y: 100, width: 1_000, height: 700 };
    expect(placeWindow(bounds, [SCREEN, SECOND])).toEqual(bounds);
    expect(placeWindow(bounds, [SCREEN])).toEqual({ x: 240, y: 70, width: 1_440, height: 900 });
  });

  it('lets no title bar stay above, below or beside every screen', () => {
    const size = { width: 1_000, height: 700 };
    for (const corner of [
      { x: 100, y: -300 },
      { x: 100, y: 1_030 },
      { x: -950, y: 100 },
      { x: 1_890, y: 100 },
    ])
      expect(placeWindow({ ...corner, ...size }, [SCREEN])).not.toMatchObject(corner);
  });

  it('is never smaller than the smallest window and always within reach', () => {
    const number = fc.integer({ min: -5_000, max: 5_000 });
    const size = fc.integer({ min: 1, max: 5_000 });
    fc.assert(
      fc.property(fc.record({ x: number, y: number, width: size, height: size }), (bounds) => {
        const placed = placeWindow(bounds, [SCREEN, SECOND]);
        expect(placed.width).toBeGreaterThanOrEqual(MIN_WIDTH);
        expect(placed.height).toBeGreaterThanOrEqual(MIN_HEIGHT);
        expect(placed.y).toBeGreaterThanOrEqual(-1);
        expect(placed.y).toBeLessThan(SCREEN.height);
      }),
    );
    expect(placeWindow(undefined, [])).toMatchObject({ width: 1_440, height: 900 });
  });
});

describe('WindowStateFile', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lattice-window-'));
    file = join(folder, 'data/window.json');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('writes the last of many changes when it ends and reads it again', () => {
    const first = new WindowStateFile(file, vi.fn());
    for (let x = 0; x < 50; x += 1) first.update({ bounds: { x, y: 0, width: 900, height: 600 } });
    first.update({ theme: 'dark' });
    first[Symbol.dispose]();
    const second = new WindowStateFile(file, vi.fn());
    expect(second.state).toEqual({
      bounds: { x: 49, y: 0, width: 900, height: 600 },
      maximised: false,
      theme: 'dark',
    });
  });

  it('writes by itself after a while and leaves a file alone that did not change', async () => {
    const state = new WindowStateFile(file, vi.fn());
    state.update({ maximised: true });
    await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toContain('true'), { timeout: 3_000 });
    writeFileSync(file, 'untouched');
    state.update({ maximised: true });
    state[Symbol.dispose]();
    expect(readFileSync(file, 'utf8')).toBe('untouched');
  });

  it('tells about a folder that it cannot write and goes on', () => {
    writeFileSync(join(folder, 'data'), 'a file in the way');
    const onError = vi.fn();
    const state = new WindowStateFile(file, onError);
    state.update({ maximised: true });
    state[Symbol.dispose]();
    expect(onError).toHaveBeenCalledOnce();
    expect(state.state.maximised).toBe(true);
  });
});
