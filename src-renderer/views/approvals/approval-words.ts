import { roleWords } from '../../../src-shared/protocol/roles.ts';
import type { ApprovalView } from '../../../src-shared/views/approval.ts';

/** What is known about who asks. */
export function senderProof({ sender }: ApprovalView): string {
  if (!sender.verified) return 'Nothing proves who this is.';
  const role = sender.role === undefined ? '' : `, ${roleWords[sender.role].title.toLowerCase()}`;
  return `Proven by its key${role}.`;
}

/** Why the owner is asked. */
export function reasonText({ because, agent }: ApprovalView): string {
  return because === 'agent'
    ? `${agent} asks before each run.`
    : 'You want to be asked before runs of others.';
}
