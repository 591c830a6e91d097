import type { WorkOrderInput } from '../../src-shared/protocol/work.ts';
import type { Bill } from '../../src-shared/views/bill.ts';
import type { WorkAccess } from '../work/work-service.ts';
import { readBill } from './work-bill.ts';

/** Durable work as boards use it. */
export interface CardWorks {
  /** Gives a work and answers with its id. @throws LatticeError `not_connected`, `invalid_input`, `too_large`. */
  give(order: WorkOrderInput): Promise<string>;
  /** The whole result of a completed work; undefined when it has none. */
  result(work: string): Promise<string | undefined>;
  /** What an ended work cost; undefined when it called no model. @throws LatticeError `cancelled`, `not_connected`. */
  bill(work: string, signal: AbortSignal): Promise<Bill | undefined>;
}

/** Durable work of a lattice for boards; asked for anew each time, because a station may join another lattice. */
export function cardWorks(access: () => Pick<WorkAccess, 'dispatcher' | 'story'>): CardWorks {
  return {
    give: async (order) => (await access().dispatcher.assign(order)).id,
    result: (work) => access().dispatcher.result(work),
    bill: (work, signal) => readBill((id, options) => access().story(id, options), work, signal),
  };
}
