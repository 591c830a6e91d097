import fc from 'fast-check';
import jsqr from 'jsqr';
import { describe, expect, it } from 'vitest';
import { writeJoinLink } from './join-link.ts';
import { qrHalfBlocks, qrModules, qrPath } from './qr-code.ts';

const SCALE = 4;

/** What a camera reads from modules that are drawn dark on light. */
function scan(isDark: (x: number, y: number) => boolean, width: number, height: number): string | undefined {
  const pixels = new Uint8ClampedArray(width * SCALE * height * SCALE * 4).fill(255);
  for (let y = 0; y < height * SCALE; y++)
    for (let x = 0; x < width * SCALE; x++)
      if (isDark(Math.floor(x / SCALE), Math.floor(y / SCALE)))
        pixels.fill(0, (y * width * SCALE + x) * 4, (y * width * SCALE + x) * 4 + 3);
  return jsqr(pixels, width * SCALE, height * SCALE)?.data;
}

/** The dark modules of a path as an SVG viewer fills them. */
function darkOf(path: string): (x: number, y: number) => boolean {
  const dark = new Set<string>();
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/g))
    for (let at = 0; at < Number(width); at++) dark.add(`${Number(x) + at} ${y}`);
  return (x, y) => dark.has(`${x} ${y}`);
}

/** The dark modules of half blocks on a terminal that is dark. */
function darkOfBlocks(text: string): (x: number, y: number) => boolean {
  const lines = text.split('\n').map((line) => [...line]);
  return (x, y) => {
    const block = lines[Math.floor(y / 2)]?.[x] ?? ' ';
    return !(block === '█' || block === (y % 2 === 0 ? '▀' : '▄'));
  };
}

const link = writeJoinLink({
  hosts: ['192.168.1.20:4222', '10.0.0.7:4222', '172.16.0.1:4222', '[fe80::1]:4222'],
  lattice: 'Forge team ☕',
  org: 'default',
  invitation: 'a'.repeat(20),
  pin: 'p'.repeat(43),
  code: 'c'.repeat(27),
  role: 'station',
  expires: '2030-01-01T00:00:00.000Z',
});

describe('a QR code of a join link', () => {
  it('is read again from the picture of the window', () => {
    const modules = qrModules(link);
    expect(scan(darkOf(qrPath(modules)), modules.length, modules.length)).toBe(link);
  });

  it('is read again from the half blocks of the terminal', () => {
    const modules = qrModules(link);
    const text = qrHalfBlocks(modules);
    expect(new Set(text)).toEqual(new Set([' ', '█', '▀', '▄', '\n']));
    expect(scan(darkOfBlocks(text), modules.length, modules.length)).toBe(link);
  });

  it('holds any text that fits', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 80 }), (text) => {
        const modules = qrModules(text);
        const drawn = darkOf(qrPath(modules));
        const blocks = darkOfBlocks(qrHalfBlocks(modules));
        modules.forEach((row, y) => {
          row.forEach((dark, x) => {
            expect([drawn(x, y), blocks(x, y)]).toEqual([dark, dark]);
          });
        });
      }),
      { numRuns: 20 },
    );
  });
});
