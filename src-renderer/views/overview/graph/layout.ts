import { type Box, centre, type Point, roundedPath } from './geometry.ts';

/** Where a station stands and how its line runs from it to the hub. */
export interface PlacedStation {
  id: string;
  box: Box;
  path: string;
  /** Middle of the label on the line. */
  label: Point;
}

export interface GraphLayout {
  hub: Box;
  stations: PlacedStation[];
  /** What everything needs; larger than the view when it must be shrunk to fit. */
  size: { width: number; height: number };
  /** Whether there is room for a label on each line. */
  labelled: boolean;
  /** Room above the hub for an invitation when this machine is alone. */
  invitation: Box;
}

export interface GraphInput {
  width: number;
  height: number;
  compact: boolean;
  /** Other stations, oldest first, with the height of their node. */
  others: readonly { id: string; height: number }[];
  self: { id: string; height: number } | undefined;
}

const RADIUS = 16;
/** Between the hub and the end of a line: its outer ring. */
const RING = 8;

const WIDE = {
  inset: 32,
  top: 44,
  node: 248,
  hub: { width: 168, height: 96 },
  below: 120,
  self: 160,
  gap: 56,
  middle: 0.4625,
};
const COMPACT = {
  inset: 24,
  top: 56,
  node: 188,
  hub: { width: 144, height: 84 },
  below: 88,
  self: 120,
  gap: 36,
  middle: 0.428,
};
/** Kept free at the foot for the legend and the switch. */
const FOOT = 56;
const ROW_GAP = 20;

type Measures = typeof WIDE;
type Side = 'left' | 'right';

interface Frame {
  measures: Measures;
  hub: Box;
  width: number;
  height: number;
}

function link(id: string, box: Box, points: readonly Point[], label: Point): PlacedStation {
  return { id, box, path: roundedPath(points, RADIUS), label };
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

/** A straight line between a node and the hub above or below it. */
function straight(id: string, box: Box, hub: Box): PlacedStation {
  const { x } = centre(box);
  const isBelow = box.y > hub.y;
  const from = { x, y: isBelow ? box.y : box.y + box.height };
  const to = { x, y: isBelow ? hub.y + hub.height + RING : hub.y - RING };
  return link(id, box, [from, to], middle(from, to));
}

/** How far below its top a node is left by its line: beside its meters, or in the middle of a low one. */
function reach(box: Box): number {
  return box.height > 100 ? 76 : box.height / 2;
}

/** From the inner edge of a node above the hub, across and down into the top of the hub. */
function intoTop(id: string, box: Box, hub: Box, side: Side, lane: number): PlacedStation {
  const inward = side === 'left' ? 1 : -1;
  const from = { x: side === 'left' ? box.x + box.width : box.x, y: box.y + reach(box) };
  const bend = { x: centre(hub).x - inward * (28 + lane * 24), y: from.y };
  return link(id, box, [from, bend, { x: bend.x, y: hub.y - RING }], middle(from, bend));
}

/** From the top of a node below the hub, up and across into the side of the hub. */
function intoSide(id: string, box: Box, hub: Box, side: Side): PlacedStation {
  const from = { x: centre(box).x, y: box.y };
  const bend = { x: from.x, y: centre(hub).y };
  const to = { x: side === 'left' ? hub.x - RING : hub.x + hub.width + RING, y: bend.y };
  return link(id, box, [from, bend, to], middle(bend, to));
}

/** From the inner edge of a node, across, along the hub and across again into its side. */
function alongside(id: string, box: Box, hub: Box, side: Side, lane: number): PlacedStation {
  const inward = side === 'left' ? 1 : -1;
  const from = { x: side === 'left' ? box.x + box.width : box.x, y: box.y + Math.min(38, box.height / 2) };
  const edge = side === 'left' ? hub.x - RING : hub.x + hub.width + RING;
  const isLow = from.y > centre(hub).y;
  const port = { x: edge, y: centre(hub).y + (isLow ? 14 + lane * 12 : -14) };
  if (Math.abs(from.y - centre(hub).y) < 14)
    return link(id, box, [from, { x: edge, y: from.y }], middle(from, { x: edge, y: from.y }));
  const bus = from.x + inward * Math.max(16, (Math.abs(edge - from.x) * (2 - lane)) / 3);
  const bend = { x: bus, y: from.y };
  return link(id, box, [from, bend, { x: bus, y: port.y }, port], middle(bend, { x: bus, y: port.y }));
}

function columnX(frame: Frame, side: Side): number {
  return side === 'left' ? frame.measures.inset : frame.width - frame.measures.inset - frame.measures.node;
}

function twoRows(frame: Frame, others: GraphInput['others']): PlacedStation[] {
  const { measures, hub } = frame;
  return others.map(({ id, height }, index) => {
    const side: Side = index % 2 === 0 ? 'left' : 'right';
    const isTop = index < 2;
    const y = isTop ? measures.top : hub.y + hub.height + measures.below;
    const box = { x: columnX(frame, side), y, width: measures.node, height };
    return isTop ? intoTop(id, box, hub, side, 0) : intoSide(id, box, hub, side);
  });
}

function columns(frame: Frame, others: GraphInput['others']): PlacedStation[] {
  const { measures, hub, height } = frame;
  return (['left', 'right'] as const).flatMap((side, parity) => {
    const own = others.filter((_, index) => index % 2 === parity);
    const taken = own.reduce((sum, station) => sum + station.height, 0);
    const gap = Math.max(ROW_GAP, (height - FOOT - measures.inset - taken) / Math.max(own.length - 1, 1));
    let y = measures.inset;
    let top = 0;
    let low = 0;
    return own.map(({ id, height: nodeHeight }) => {
      const box = { x: columnX(frame, side), y, width: measures.node, height: nodeHeight };
      y += nodeHeight + gap;
      if (box.y + reach(box) < hub.y - 24 && top < 2) return intoTop(id, box, hub, side, top++);
      return alongside(id, box, hub, side, box.y > hub.y ? low++ : 0);
    });
  });
}

/** What the nodes above and below the hub need. */
function around({ others, self }: GraphInput, measures: Measures): { above: number; below: number } {
  const tallest = Math.max(0, ...others.slice(0, 2).map((station) => station.height));
  const lowest = Math.max(0, ...others.slice(2, 4).map((station) => station.height + measures.below));
  const own = self === undefined ? 0 : self.height + measures.self;
  return { above: measures.top + tallest + 48, below: Math.max(lowest, own) + FOOT };
}

function neededHeight(input: GraphInput, measures: Measures): number {
  const { above, below } = around(input, measures);
  const columnNeeds = [0, 1].map((parity) =>
    input.others
      .filter((_, index) => index % 2 === parity)
      .reduce((sum, station) => sum + station.height + ROW_GAP, measures.inset + FOOT),
  );
  return Math.max(above + measures.hub.height + below, ...(input.others.length > 4 ? columnNeeds : []));
}

/** Places up to eight stations: this machine under the hub, the others around it, oldest first. */
export function layoutStations(input: GraphInput): GraphLayout {
  const measures = input.compact ? COMPACT : WIDE;
  const others = input.others.slice(0, 7);
  const least = 2 * (measures.inset + measures.node + measures.gap) + measures.hub.width + 2 * RING;
  const width = Math.max(input.width, least);
  const height = Math.max(input.height, neededHeight({ ...input, others }, measures));
  const { above, below } = around({ ...input, others }, measures);
  const middle = height * measures.middle - measures.hub.height / 2;
  const hubY = Math.max(above, Math.min(middle, height - below - measures.hub.height));
  const hub = { x: (width - measures.hub.width) / 2, y: hubY, ...measures.hub };
  const frame = { measures, hub, width, height };
  const stations: PlacedStation[] = [];
  const [only] = others;
  if (only !== undefined && others.length === 1) {
    const box = {
      x: (width - measures.node) / 2,
      y: measures.top,
      width: measures.node,
      height: only.height,
    };
    stations.push(straight(only.id, box, hub));
  } else stations.push(...(others.length <= 4 ? twoRows(frame, others) : columns(frame, others)));
  if (input.self !== undefined) {
    const box = {
      x: (width - measures.node) / 2,
      y: hub.y + hub.height + measures.self,
      width: measures.node,
      height: input.self.height,
    };
    stations.push(straight(input.self.id, box, hub));
  }
  const room = Math.min(460, width - 2 * measures.inset);
  const invitation = { x: (width - room) / 2, y: 24, width: room, height: hub.y - 72 };
  const labelled = !input.compact && others.length <= 4;
  return { hub, stations, size: { width, height }, labelled, invitation };
}
