/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const file = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const THEMES = ['light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

/** Reads `--name: light-dark(#a, #b)` or `--name: #a` from the token file. */
function colour(name: string, theme: Theme): string {
  const pair = new RegExp(`--${name}:\\s*light-dark\\((#[0-9a-f]{6}),\\s*(#[0-9a-f]{6})\\)`).exec(file);
  const both = new RegExp(`--${name}:\\s*(#[0-9a-f]{6});`).exec(file);
  const found = pair?.[theme === 'light' ? 1 : 2] ?? both?.[1];
  if (found === undefined) throw new Error(`The token file has no colour --${name}`);
  return found;
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const LEVELS = ['rail', 'page', 'surface', 'raised', 'inset', 'hover', 'selected'].map(
  (name) => `color-${name}`,
);
const STATES = ['good', 'run', 'late', 'ask', 'fail', 'calm'];
const TEXT = [
  'text-color-1',
  'text-color-2',
  'text-color-3',
  'color-accent-text',
  ...STATES.map((state) => `color-${state}`),
  ...[1, 2, 3, 4, 5, 6].map((hue) => `color-hue-${hue}`),
];
const GRAPHICS = ['color-control', 'color-quiet', ...STATES.map((state) => `color-${state}-fill`)];

describe.each(THEMES)('the %s theme', (theme) => {
  const worst = (name: string) =>
    Math.min(...LEVELS.map((level) => contrast(colour(name, theme), colour(level, theme))));
  const onPage = (name: string) => contrast(colour(name, theme), colour('color-page', theme));

  it.each(TEXT)('keeps %s readable on every background', (name) => {
    expect(worst(name)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(GRAPHICS)('keeps %s visible on the page', (name) => {
    expect(onPage(name)).toBeGreaterThanOrEqual(3);
  });

  it.each(STATES)('keeps the %s fill visible on every background', (state) => {
    expect(worst(`color-${state}-fill`)).toBeGreaterThanOrEqual(3);
  });

  it.each(STATES)('keeps %s and plain text readable on its own subtle background', (state) => {
    const subtle = colour(`color-${state}-subtle`, theme);
    for (const text of ['text-color-1', 'text-color-2', `color-${state}`])
      expect(contrast(colour(text, theme), subtle)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['color-accent', 'color-accent-hover', 'color-danger'])('keeps white readable on %s', (name) => {
    expect(contrast(colour('color-on-accent', theme), colour(name, theme))).toBeGreaterThanOrEqual(4.5);
  });

  it('keeps text readable where a person is: the current place, option and chip', () => {
    const grounds = ['color-rail-item-on', 'color-segment-on', 'color-accent-subtle'];
    for (const ground of grounds)
      expect(contrast(colour('text-color-1', theme), colour(ground, theme))).toBeGreaterThanOrEqual(4.5);
    expect(
      contrast(colour('color-accent-text', theme), colour('color-accent-subtle', theme)),
    ).toBeGreaterThanOrEqual(4.5);
  });
});

it('matches the figures that the design language states', () => {
  expect(contrast(colour('text-color-1', 'dark'), colour('color-page', 'dark'))).toBeCloseTo(16.4, 0);
  expect(contrast(colour('text-color-3', 'light'), colour('color-page', 'light'))).toBeCloseTo(5.2, 0);
});
