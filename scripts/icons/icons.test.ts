import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { toSvg } from './mark.mjs';
import { encodePng } from './png.mjs';
import { drawIcon } from './raster.mjs';

const folder = new URL('../../resources/icons/', import.meta.url);

it('has drawn the icons that are kept from this description', async () => {
  expect(await readFile(new URL('icon.svg', folder), 'utf8')).toBe(toSvg());
  for (const size of [16, 128]) {
    const kept = await readFile(new URL(`${size}x${size}.png`, folder));
    expect(kept.readUInt32BE(16)).toBe(size);
    expect(kept.equals(encodePng(drawIcon(size), size))).toBe(true);
  }
});

it('leaves the corners clear and the hub filled', () => {
  const pixels = drawIcon(64);
  const at = (x: number, y: number) => [...pixels.subarray((y * 64 + x) * 4, (y * 64 + x) * 4 + 4)];
  expect(at(0, 0)[3]).toBe(0);
  expect(at(32, 32)).toEqual([0x92, 0xa7, 0xff, 0xff]);
});
