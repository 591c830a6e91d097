import { LiveMap } from '../../src-shared/live.ts';
import { type RelationGraph, relationGraph } from '../../src-shared/tracker/graph.ts';
import type { Card } from '../../src-shared/views/board.ts';
import type { BoardEntry } from '../tracker/board-index.ts';
import { cardView } from './card-view.ts';

/** The cards of one board, kept in step with its tasks, their relations and the works they were given as. */
export class CardIndex {
  readonly live = new LiveMap<Card>((card) => card.id);
  readonly #entries = new Map<string, BoardEntry>();
  readonly #workOf: (task: string) => string | undefined;
  #closed: ReadonlySet<string> = new Set();
  #graph: RelationGraph = relationGraph([]);

  constructor(options: { workOf(task: string): string | undefined }) {
    this.#workOf = options.workOf;
  }

  get graph(): RelationGraph {
    return this.#graph;
  }

  get entries(): ReadonlyMap<string, BoardEntry> {
    return this.#entries;
  }

  /** How many active tasks stand in each status. */
  counts(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { task, archived } of this.#entries.values())
      if (!archived) counts.set(task.status, (counts.get(task.status) ?? 0) + 1);
    return counts;
  }

  /** Takes another workflow: what is over decides who still waits for whom. */
  setClosed(closed: readonly string[]): void {
    if (closed.length === this.#closed.size && closed.every((status) => this.#closed.has(status))) return;
    this.#closed = new Set(closed);
    this.#show([...this.#entries.keys()]);
  }

  /** Takes changed tasks; the cards of those that have to do with them change too. */
  apply(upserts: readonly BoardEntry[], removes: readonly string[] = []): void {
    const touched = new Set([...upserts.map(({ id }) => id), ...removes]);
    for (const id of [...touched]) this.#addNeighbours(id, touched);
    for (const id of removes) this.#entries.delete(id);
    for (const entry of upserts) this.#entries.set(entry.id, entry);
    this.#graph = relationGraph([...this.#entries.values()].map(({ task }) => task));
    for (const id of [...touched]) this.#addNeighbours(id, touched);
    this.#show([...touched]);
  }

  /** Shows cards again whose work is another now. */
  refresh(tasks: readonly string[]): void {
    this.#show(tasks);
  }

  #addNeighbours(id: string, into: Set<string>): void {
    for (const edge of this.#graph.outgoing.get(id) ?? []) into.add(edge.to);
    for (const edge of this.#graph.incoming.get(id) ?? []) into.add(edge.from);
  }

  #show(ids: readonly string[]): void {
    const changed: Card[] = [];
    const gone: string[] = [];
    for (const id of ids) {
      const entry = this.#entries.get(id);
      if (entry === undefined || entry.task.tombstoned === true) {
        gone.push(id);
        continue;
      }
      const card = cardView(entry, { graph: this.#graph, closed: this.#closed, workId: this.#workOf(id) });
      const before = this.live.get(id);
      if (before === undefined || JSON.stringify(before) !== JSON.stringify(card)) changed.push(card);
    }
    this.live.apply(changed, gone);
  }
}
