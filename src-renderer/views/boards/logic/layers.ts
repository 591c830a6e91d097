import type { BoardEdge, Card } from '../../../../src-shared/views/board.ts';

export const NODE = { width: 200, height: 48, gapX: 72, gapY: 16 } as const;

export interface GraphNode {
  card: Card;
  x: number;
  y: number;
}

export interface GraphLayout {
  nodes: readonly GraphNode[];
  edges: readonly { id: string; type: string; path: string }[];
  width: number;
  height: number;
}

/** What has to come first stands at the left: `depends_on` points back, `blocks` and the rest point on. */
function forward(edge: BoardEdge): [before: string, after: string] {
  return edge.type === 'depends_on' || edge.type === 'subtask_of' || edge.type === 'spawned_by'
    ? [edge.to, edge.from]
    : [edge.from, edge.to];
}

/** How many steps each task lies behind the first ones; a circle ends after as many rounds as there are tasks. */
function layersOf(
  ids: ReadonlySet<string>,
  pairs: readonly (readonly [string, string])[],
): Map<string, number> {
  const layer = new Map([...ids].map((id) => [id, 0]));
  for (let round = 0; round < ids.size; round += 1) {
    let moved = false;
    for (const [before, after] of pairs) {
      const next = (layer.get(before) ?? 0) + 1;
      if (next <= (layer.get(after) ?? 0) || next >= ids.size) continue;
      layer.set(after, next);
      moved = true;
    }
    if (!moved) break;
  }
  return layer;
}

/** Places for the tasks that have to do with others, in layers from left to right. */
export function layoutGraph(cards: readonly Card[], edges: readonly BoardEdge[]): GraphLayout {
  const known = new Map(cards.map((card) => [card.id, card]));
  const shown = edges.filter(({ from, to }) => known.has(from) && known.has(to));
  const ids = new Set(shown.flatMap(({ from, to }) => [from, to]));
  const layer = layersOf(ids, shown.map(forward));
  const used = new Map<number, number>();
  const places = new Map<string, GraphNode>();
  const ordered = cards.filter(({ id }) => ids.has(id));
  for (const card of ordered) {
    const column = layer.get(card.id) ?? 0;
    const row = used.get(column) ?? 0;
    used.set(column, row + 1);
    places.set(card.id, { card, x: column * (NODE.width + NODE.gapX), y: row * (NODE.height + NODE.gapY) });
  }
  const lines = shown.flatMap((edge) => {
    const [before, after] = forward(edge);
    const [a, b] = [places.get(before), places.get(after)];
    if (a === undefined || b === undefined) return [];
    const [x1, y1] = [a.x + NODE.width, a.y + NODE.height / 2];
    const [x2, y2] = [b.x, b.y + NODE.height / 2];
    const bend = Math.max(24, Math.abs(x2 - x1) / 2);
    const path = `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
    return [{ id: `${edge.from} ${edge.type} ${edge.to}`, type: edge.type, path }];
  });
  const columns = Math.max(0, ...used.keys()) + 1;
  const rows = Math.max(1, ...used.values());
  return {
    nodes: [...places.values()],
    edges: lines,
    width: columns * (NODE.width + NODE.gapX) - NODE.gapX,
    height: rows * (NODE.height + NODE.gapY) - NODE.gapY,
  };
}
