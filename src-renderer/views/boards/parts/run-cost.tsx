import type { ReactNode } from 'react';
import { billWords } from '../../../../src-shared/views/bill.ts';
import { useLive } from '../../../data/live.ts';

/** What a live run cost until now; nothing until it called a model that costs. */
export function RunCost({ workId, after }: { workId: string; after: string }): ReactNode {
  const bill = useLive('board.bill', { work: workId }).items.get('bill');
  if (bill === undefined || bill.usd === 0) return null;
  return <span className="figures">{billWords(bill) + after}</span>;
}
