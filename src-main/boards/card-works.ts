import type { WorkOrderInput } from '../../src-shared/protocol/work.ts';

/** Durable work as boards use it. */
export interface CardWorks {
  /** Gives a work and answers with its id. @throws LatticeError `not_connected`, `invalid_input`, `too_large`. */
  give(order: WorkOrderInput): Promise<string>;
  /** The whole result of a completed work; undefined when it has none. */
  result(work: string): Promise<string | undefined>;
}
