import type { Relationship, TaskSnapshot } from './snapshot.ts';

/** A relationship with both of its ends. */
export interface RelationEdge {
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly note: string | null;
}

/** A task in the graph. */
export type RelationNode = Pick<TaskSnapshot, 'id' | 'title' | 'status' | 'relationships_out'> & {
  readonly short_id?: string;
};

/** The relationships of a board, seen from both ends. */
export interface RelationGraph {
  readonly nodes: ReadonlyMap<string, RelationNode>;
  /** By source. */
  readonly outgoing: ReadonlyMap<string, readonly RelationEdge[]>;
  /** By target, also of targets that are no task of this board. */
  readonly incoming: ReadonlyMap<string, readonly RelationEdge[]>;
}

/** Builds the graph of all tasks of a board, archived ones included. */
export function relationGraph(tasks: Iterable<RelationNode>): RelationGraph {
  const nodes = new Map<string, RelationNode>();
  const outgoing = new Map<string, RelationEdge[]>();
  const incoming = new Map<string, RelationEdge[]>();
  for (const task of tasks) {
    nodes.set(task.id, task);
    const edges = task.relationships_out.map((each) => edge(task.id, each));
    outgoing.set(task.id, edges);
    for (const each of edges) {
      const there = incoming.get(each.to);
      if (there === undefined) incoming.set(each.to, [each]);
      else there.push(each);
    }
  }
  return { nodes, outgoing, incoming };
}

function edge(from: string, { type, target_task_id, note }: Relationship): RelationEdge {
  return { from, to: target_task_id, type, note };
}

/** The kinds of relationship that must not run in a circle; `blocks` is `depends_on` seen from the other end. */
type OrderKind = 'dependency' | 'subtask_of' | 'spawned_by' | 'duplicate_of' | 'supersedes';

const ORDER_KINDS: readonly OrderKind[] = [
  'dependency',
  'subtask_of',
  'spawned_by',
  'duplicate_of',
  'supersedes',
];

function orderKind(type: string): OrderKind | undefined {
  if (type === 'depends_on' || type === 'blocks') return 'dependency';
  return ORDER_KINDS.find((kind) => kind === type);
}

/** The tasks that come directly before a task in an order: what it depends on, its parent, and so on. */
function predecessors(graph: RelationGraph, id: string, kind: OrderKind): string[] {
  const type = kind === 'dependency' ? 'depends_on' : kind;
  const before = (graph.outgoing.get(id) ?? []).filter((each) => each.type === type).map((each) => each.to);
  if (kind !== 'dependency') return before;
  const blockers = (graph.incoming.get(id) ?? []).filter((each) => each.type === 'blocks');
  return [...new Set([...before, ...blockers.map((each) => each.from)])];
}

/** The tasks that a task waits for, whatever their status: what it depends on and what blocks it. */
export function dependenciesOf(graph: RelationGraph, id: string): RelationNode[] {
  return predecessors(graph, id, 'dependency').flatMap((each) => graph.nodes.get(each) ?? []);
}

/**
 * The circle that a new relationship would close, as task ids from its source round to its source again;
 * undefined when there is none.
 */
export function cycleThrough(
  graph: RelationGraph,
  link: { readonly from: string; readonly type: string; readonly to: string },
): string[] | undefined {
  const kind = orderKind(link.type);
  if (kind === undefined) return undefined;
  const [later, earlier] = link.type === 'blocks' ? [link.to, link.from] : [link.from, link.to];
  const way = wayBack(graph, earlier, later, kind);
  if (way === undefined) return undefined;
  const circle = [later, ...way];
  return link.type === 'blocks' ? circle.reverse() : circle;
}

/** The way from a task over its predecessors to another one, both included. */
function wayBack(graph: RelationGraph, start: string, goal: string, kind: OrderKind): string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[start, undefined]]);
  const queue = [start];
  for (let at = queue[0], index = 0; at !== undefined; index += 1, at = queue[index]) {
    if (at === goal) {
      const way: string[] = [];
      for (let step: string | undefined = goal; step !== undefined; step = cameFrom.get(step)) way.push(step);
      return way.reverse();
    }
    for (const next of predecessors(graph, at, kind)) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, at);
      queue.push(next);
    }
  }
  return undefined;
}

/** The circles in a board's relationships, each once, as lists of task ids. */
export function findCycles(
  graph: RelationGraph,
): { readonly kind: string; readonly tasks: readonly string[] }[] {
  return ORDER_KINDS.flatMap((kind) => {
    const known = new Set<string>();
    const found: { kind: string; tasks: string[] }[] = [];
    for (const id of graph.nodes.keys()) {
      if (known.has(id)) continue;
      for (const next of predecessors(graph, id, kind)) {
        const way = wayBack(graph, next, id, kind);
        if (way === undefined || way.some((each) => known.has(each))) continue;
        for (const each of way) known.add(each);
        found.push({ kind, tasks: way });
      }
    }
    return found;
  });
}
