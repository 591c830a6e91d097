import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Box, nearest, roundedPath } from './geometry.ts';
import { type GraphInput, layoutStations } from './layout.ts';
import { layoutChips } from './layout-chips.ts';

function input(others: number, more: Partial<GraphInput> = {}): GraphInput {
  return {
    width: 872,
    height: 744,
    compact: false,
    others: Array.from({ length: others }, (_, index) => ({ id: `s${index}`, height: 115 })),
    self: { id: 'self', height: 115 },
    ...more,
  };
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

const inputs = fc.record({
  width: fc.integer({ min: 300, max: 2_600 }),
  height: fc.integer({ min: 200, max: 1_600 }),
  compact: fc.boolean(),
  self: fc.option(fc.record({ id: fc.constant('self'), height: fc.integer({ min: 60, max: 181 }) }), {
    nil: undefined,
  }),
});
const heights = (max: number) => fc.array(fc.integer({ min: 60, max: 181 }), { maxLength: max });

describe.each([
  ['nodes', layoutStations, 7],
  ['chips', layoutChips, 39],
] as const)('the layout of %s', (_name, layout, most) => {
  it('places every station inside and none over another or over the hub', () => {
    fc.assert(
      fc.property(inputs, heights(most), (base, nodes) => {
        const others = nodes.map((height, index) => ({ id: `s${index}`, height }));
        const { hub, stations, size } = layout({ ...base, others });
        expect(stations.map((station) => station.id).sort()).toEqual(
          [...others.map((station) => station.id), ...(base.self === undefined ? [] : ['self'])].sort(),
        );
        const boxes = [hub, ...stations.map((station) => station.box)];
        for (const [index, box] of boxes.entries()) {
          expect(box.x).toBeGreaterThanOrEqual(0);
          expect(box.y).toBeGreaterThanOrEqual(0);
          expect(box.x + box.width).toBeLessThanOrEqual(size.width);
          expect(box.y + box.height).toBeLessThanOrEqual(size.height);
          for (const other of boxes.slice(index + 1)) expect(overlap(box, other)).toBe(false);
        }
      }),
    );
  });
});

describe('the layout of nodes', () => {
  it('keeps this machine under the hub and one other straight above it', () => {
    const { hub, stations } = layoutStations(input(1));
    const middle = hub.x + hub.width / 2;
    for (const { box } of stations) expect(box.x + box.width / 2).toBe(middle);
    expect(stations[0]?.box.y).toBeLessThan(hub.y);
    expect(stations[1]?.box.y).toBeGreaterThan(hub.y + hub.height);
  });

  it('fills left and right from the top, oldest first', () => {
    const { hub, stations } = layoutStations(input(4));
    const sides = stations.slice(0, 4).map(({ box }) => [box.x < hub.x, box.y < hub.y]);
    expect(sides).toEqual([
      [true, true],
      [false, true],
      [true, false],
      [false, false],
    ]);
  });

  it('needs no more than a compact window has', () => {
    const others = Array.from({ length: 4 }, (_, index) => ({ id: `s${index}`, height: 60 }));
    const view = { width: 668, height: 556, compact: true, others, self: { id: 'self', height: 60 } };
    expect(layoutStations(view).size).toEqual({ width: 668, height: 556 });
  });
});

describe('a path', () => {
  it('rounds its corners and stays straight without any', () => {
    expect(
      roundedPath(
        [
          { x: 0, y: 0 },
          { x: 100, y: 0 },
        ],
        16,
      ),
    ).toBe('M0 0L100 0');
    expect(
      roundedPath(
        [
          { x: 0, y: 0 },
          { x: 100, y: 0 },
          { x: 100, y: 50 },
        ],
        16,
      ),
    ).toBe('M0 0L84 0Q100 0 100 16L100 50');
    expect(
      roundedPath(
        [
          { x: 0, y: 0 },
          { x: 8, y: 0 },
          { x: 8, y: 50 },
        ],
        16,
      ),
    ).toContain('L4 0Q8 0 8 4');
    expect(roundedPath([], 16)).toBe('');
  });
});

it('finds the nearest node in a direction', () => {
  const box = (x: number, y: number): Box => ({ x, y, width: 10, height: 10 });
  const nodes = [
    { id: 'left', box: box(0, 50) },
    { id: 'right', box: box(100, 52) },
    { id: 'up', box: box(48, 0) },
    { id: 'corner', box: box(100, 0) },
  ];
  const from = box(50, 50);
  expect(nearest(from, nodes, 'left')?.id).toBe('left');
  expect(nearest(from, nodes, 'right')?.id).toBe('right');
  expect(nearest(from, nodes, 'up')?.id).toBe('up');
  expect(nearest(from, nodes, 'down')).toBeUndefined();
});
