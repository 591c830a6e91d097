import type { TaskContext } from '../../src-shared/protocol/invoke.ts';
import type { Sender } from '../../src-shared/protocol/sender.ts';
import { digestOf } from '../agents/digest.ts';
import type { AgentDefinition } from '../agents/runner.ts';

/** Keeps the digests of approvals apart from all others that are made the same way. */
const DOMAIN = 'lattice.approval.v1';

/** Everything that an approval is bound to. */
export interface ApprovalSubject {
  stationId: string;
  agent: AgentDefinition;
  task: string;
  context: TaskContext;
  sender: Sender;
  workId: string;
}

/** SHA-256 (hex) over exactly what would run, where, and for whom; another digest is another approval. */
export function approvalDigest({ stationId, agent, task, context, sender, workId }: ApprovalSubject): string {
  const { id, name, role, verified } = sender;
  return digestOf({
    domain: DOMAIN,
    station: stationId,
    agent: agent.info.name,
    // The digest of the mesh leaves out how an agent runs on this machine, such as its permissions.
    definition: digestOf({ digest: agent.info.digest, run: agent.run }),
    task,
    context,
    sender: { id, name, role, verified },
    work: workId,
  });
}
