export interface Point {
  x: number;
  y: number;
}

export interface Box extends Point {
  width: number;
  height: number;
}

export function centre(box: Box): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

function towards(from: Point, to: Point, distance: number): Point {
  const length = Math.abs(to.x - from.x) + Math.abs(to.y - from.y);
  if (length === 0) return from;
  return {
    x: from.x + ((to.x - from.x) / length) * distance,
    y: from.y + ((to.y - from.y) / length) * distance,
  };
}

function distance(a: Point, b: Point): number {
  return Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
}

/** An SVG path through right-angled corners that are rounded by `radius`, or less where a leg is short. */
export function roundedPath(points: readonly Point[], radius: number): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let path = `M${first.x} ${first.y}`;
  for (const [index, corner] of rest.entries()) {
    const before = points[index] ?? corner;
    const after = rest[index + 1];
    if (after === undefined) return `${path}L${corner.x} ${corner.y}`;
    const room = Math.min(radius, distance(before, corner) / 2, distance(corner, after) / 2);
    const start = towards(corner, before, room);
    const end = towards(corner, after, room);
    path += `L${start.x} ${start.y}Q${corner.x} ${corner.y} ${end.x} ${end.y}`;
  }
  return path;
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The nearest box in a direction from `from`; what lies straight ahead wins over what lies aside. */
export function nearest<T extends { box: Box }>(
  from: Box,
  boxes: readonly T[],
  direction: Direction,
): T | undefined {
  const origin = centre(from);
  const sideways = direction === 'up' || direction === 'down';
  const sign = direction === 'right' || direction === 'down' ? 1 : -1;
  let best: { item: T; cost: number } | undefined;
  for (const item of boxes) {
    const point = centre(item.box);
    const ahead = (sideways ? point.y - origin.y : point.x - origin.x) * sign;
    const aside = Math.abs(sideways ? point.x - origin.x : point.y - origin.y);
    if (ahead <= 0 || aside > ahead * 2) continue;
    const cost = ahead + aside * 2;
    if (best === undefined || cost < best.cost) best = { item, cost };
  }
  return best?.item;
}
