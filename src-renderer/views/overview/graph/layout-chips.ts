import { type Box, centre, type Point, roundedPath } from './geometry.ts';
import type { GraphInput, GraphLayout, PlacedStation } from './layout.ts';

const CHIP = { width: 120, height: 32 };
const GAP = { x: 16, y: 28 };
const INSET = 24;
const HUB = { width: 144, height: 84 };
const RING = 8;
const RADIUS = 10;

function rowsOf<T>(items: readonly T[], columns: number): T[][] {
  const rows: T[][] = [];
  for (let from = 0; from < items.length; from += columns) rows.push(items.slice(from, from + columns));
  return rows;
}

function boxesOf(row: readonly { id: string }[], width: number, y: number): { id: string; box: Box }[] {
  const taken = row.length * CHIP.width + (row.length - 1) * GAP.x;
  return row.map(({ id }, index) => ({
    id,
    box: { x: (width - taken) / 2 + index * (CHIP.width + GAP.x), y, ...CHIP },
  }));
}

function place(id: string, box: Box, points: readonly Point[]): PlacedStation {
  return { id, box, path: roundedPath(points, RADIUS), label: centre(box) };
}

/** Places 9 to 40 stations as chips in rows above and below the hub; the lines of a row share one way. */
export function layoutChips(input: GraphInput): GraphLayout {
  const width = Math.max(input.width, 2 * INSET + 2 * CHIP.width + GAP.x);
  // An even number, so that a gap between chips lies under the hub and the lines of far rows pass through it.
  const fitting = Math.floor((width - 2 * INSET + GAP.x) / (CHIP.width + GAP.x));
  const columns = Math.max(2, fitting - (fitting % 2));
  const rows = rowsOf(input.others, columns);
  const above = rows.slice(0, Math.ceil(rows.length / 2));
  const below = rows.slice(above.length);
  const step = CHIP.height + GAP.y;
  const height = Math.max(input.height, rows.length * step + HUB.height + 320);
  const hub = { x: (width - HUB.width) / 2, y: height * 0.46 - HUB.height / 2, ...HUB };
  const middle = centre(hub);
  const stations: PlacedStation[] = [];

  for (const [index, row] of above.entries()) {
    const y = hub.y - 56 - (above.length - index) * step;
    for (const { id, box } of boxesOf(row, width, y)) {
      const chip = centre(box);
      const bus = box.y + CHIP.height + GAP.y / 2;
      const end = { x: middle.x, y: hub.y - RING };
      const start = { x: chip.x, y: box.y + CHIP.height };
      const turns =
        Math.abs(chip.x - middle.x) < 1
          ? []
          : [
              { x: chip.x, y: bus },
              { x: middle.x, y: bus },
            ];
      stations.push(place(id, box, [start, ...turns, end]));
    }
  }
  for (const [index, row] of below.entries()) {
    const y = hub.y + hub.height + 120 + index * step;
    for (const { id, box } of boxesOf(row, width, y)) {
      const chip = centre(box);
      const side = chip.x < middle.x ? -1 : 1;
      const trunk = middle.x + side * (CHIP.width + GAP.x);
      const bus = box.y - GAP.y / 2;
      const end = { x: middle.x + side * (HUB.width / 2 + RING), y: middle.y };
      stations.push(
        place(id, box, [
          { x: chip.x, y: box.y },
          { x: chip.x, y: bus },
          { x: trunk, y: bus },
          { x: trunk, y: middle.y },
          end,
        ]),
      );
    }
  }
  if (input.self !== undefined) {
    const box = { x: middle.x - CHIP.width / 2, y: hub.y + hub.height + 40, ...CHIP };
    stations.push(
      place(input.self.id, box, [
        { x: middle.x, y: box.y },
        { x: middle.x, y: hub.y + hub.height + RING },
      ]),
    );
  }
  return {
    hub,
    stations,
    size: { width, height },
    labelled: false,
    invitation: { ...hub, width: 0, height: 0 },
  };
}
