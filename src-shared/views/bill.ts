import { z } from 'zod';
import type { ModelCall } from '../protocol/activity.ts';
import { dollars } from './activity-words.ts';

/** What calls of models used and cost together. */
export const billSchema = z.object({
  calls: z.int().min(0),
  /** Read and written together. */
  tokens: z.int().min(0),
  usd: z.number().min(0),
  /** True when some of it was counted by us, not reported. */
  estimated: z.boolean(),
});
export type Bill = z.infer<typeof billSchema>;

/** The bill of calls, each in its newest state. */
export function billOf(calls: Iterable<ModelCall>): Bill {
  const bill: Bill = { calls: 0, tokens: 0, usd: 0, estimated: false };
  for (const call of calls) {
    bill.calls += 1;
    bill.tokens += (call.input_tokens ?? 0) + (call.output_tokens ?? 0);
    bill.usd += call.usd ?? 0;
    bill.estimated ||= call.estimated === true;
  }
  return bill;
}

/** Several bills as one. */
export function addBills(bills: Iterable<Bill>): Bill {
  const sum: Bill = { calls: 0, tokens: 0, usd: 0, estimated: false };
  for (const { calls, tokens, usd, estimated } of bills) {
    sum.calls += calls;
    sum.tokens += tokens;
    sum.usd += usd;
    sum.estimated ||= estimated;
  }
  return sum;
}

/** The money of a bill in words, for example `about $0.0042`. */
export function billWords({ usd, estimated }: Pick<Bill, 'usd' | 'estimated'>): string {
  return `${estimated ? 'about ' : ''}${dollars(usd)}`;
}
