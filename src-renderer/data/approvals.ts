import type { ApprovalView } from '../../src-shared/views/approval.ts';
import { listOf, useLive } from './live.ts';

/** The runs that wait for the owner of this machine, the oldest first. */
export function useApprovals(): readonly ApprovalView[] {
  return listOf(useLive('approvals.watch').items);
}
