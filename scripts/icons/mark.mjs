/**
 * The app icon as shapes on a square of 100: a tile with four stations around a hub, drawn in order.
 * @typedef {{kind: 'tile', inset: number, radius: number, fill: string}
 *   | {kind: 'line', from: Point, to: Point, width: number, fill: string}
 *   | {kind: 'circle', at: Point, radius: number, fill: string}} Shape
 * @typedef {readonly [x: number, y: number]} Point
 */

export const side = 100;

const tile = '#14171c';
const ink = '#edeff3';
const quiet = '#59606c';
const hub = '#92a7ff';

/** @type {readonly Point[]} */
const stations = [
  [50, 23],
  [77, 50],
  [50, 77],
  [23, 50],
];

/** @type {readonly Shape[]} */
export const shapes = [
  { kind: 'tile', inset: 4, radius: 21, fill: tile },
  { kind: 'line', from: [50, 23], to: [50, 77], width: 3.5, fill: quiet },
  { kind: 'line', from: [23, 50], to: [77, 50], width: 3.5, fill: quiet },
  ...stations.map((from, index) => {
    const to = stations[(index + 1) % stations.length] ?? from;
    return /** @type {const} */ ({ kind: 'line', from, to, width: 5, fill: ink });
  }),
  { kind: 'circle', at: [50, 50], radius: 14.5, fill: tile },
  { kind: 'circle', at: [50, 50], radius: 12, fill: hub },
  ...stations.map((at) => /** @type {const} */ ({ kind: 'circle', at, radius: 7.75, fill: ink })),
];

/** The icon as an SVG file. */
export function toSvg() {
  const body = shapes.map((shape) => `  ${element(shape)}`).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}">\n${body}\n</svg>\n`;
}

/** @param {Shape} shape */
function element(shape) {
  if (shape.kind === 'circle') {
    return `<circle cx="${shape.at[0]}" cy="${shape.at[1]}" r="${shape.radius}" fill="${shape.fill}"/>`;
  }
  if (shape.kind === 'line') {
    const { from, to, width, fill } = shape;
    const path = `M${from[0]} ${from[1]}L${to[0]} ${to[1]}`;
    return `<path d="${path}" stroke="${fill}" stroke-width="${width}" stroke-linecap="round"/>`;
  }
  const length = side - 2 * shape.inset;
  const box = `x="${shape.inset}" y="${shape.inset}" width="${length}" height="${length}"`;
  return `<rect ${box} rx="${shape.radius}" fill="${shape.fill}"/>`;
}
