import { createHash } from 'node:crypto';
import type { WorkOrderInput, WorkRecord } from '../../src-shared/protocol/work.ts';
import type { SubWork } from '../agents/runner.ts';

/**
 * The order for work that a running work hands on. A later attempt that hands on the same again in the same
 * place gets the same sub-work, so nothing is done twice.
 */
export function subWorkOrder(sub: SubWork, parent: WorkRecord, index: number): WorkOrderInput {
  const what = JSON.stringify([sub.agent, sub.task, sub.context, sub.station ?? '']);
  const digest = createHash('sha256').update(what).digest('hex');
  return {
    task: sub.task,
    context: sub.context,
    agent: sub.agent,
    ...(sub.station === undefined ? {} : { station: sub.station }),
    priority: parent.priority,
    ...(parent.deadline === undefined ? {} : { deadline: parent.deadline }),
    ...(parent.traceparent === undefined ? {} : { traceparent: parent.traceparent }),
    dedupe_key: `${parent.work_id}/${index}/${digest}`,
    parent_id: parent.work_id,
    run_id: parent.run_id,
    requested_by: `agent ${parent.agent ?? ''}`,
  };
}
