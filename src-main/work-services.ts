import { LatticeError } from '../src-shared/errors.ts';
import { present } from '../src-shared/present.ts';
import type { CallHandlers, StreamSources } from './app-services.ts';
import { auditLog } from './events/audit-source.ts';
import type { LatticeNode } from './lattice-node.ts';
import { workDetail, workOutput } from './work/work-sources.ts';

/** A work that is not on the board by then is shown when it comes. */
const ON_BOARD_MS = 2_000;

type WorkCall = Extract<keyof CallHandlers, `work.${string}`>;
type WorkStream = Extract<keyof StreamSources, `work.${string}` | 'works.watch' | 'log.watch'>;

/** The window's calls about work; the person at this machine is who acts. */
export function workCalls(node: LatticeNode): Pick<CallHandlers, WorkCall> {
  const dispatcher = () => node.work.dispatcher;
  return {
    'work.assign': async (draft) => {
      const { id, created } = await dispatcher().assign({ ...draft, requested_by: node.actor });
      await onBoard(node, id);
      return { id, created };
    },
    'work.cancel': async ({ id, reason }) => {
      await dispatcher().cancel(id, node.actor, reason);
    },
    'work.answer': async ({ id, answer, question_id }) => {
      await dispatcher().answer(id, node.actor, answer, question_id);
    },
    'work.acknowledge': async ({ id }) => {
      await dispatcher().acknowledge(id, node.actor);
    },
    'work.retry': async ({ id }) => {
      const next = await dispatcher().retry(id, node.actor);
      await onBoard(node, next.id);
      return { id: next.id };
    },
    'work.rerun': async ({ id, edits: { task, ...edits } }) => {
      // An edit that is there as undefined empties its field; only the task cannot be empty.
      const next = await dispatcher().rerun(id, node.actor, { ...edits, ...present({ task }) });
      await onBoard(node, next.id);
      return { id: next.id };
    },
    'work.result': async ({ id }) => ({ result: await dispatcher().result(id) }),
  };
}

/** The board follows the log a few milliseconds behind; the window opens a work right after it was given. */
async function onBoard(node: LatticeNode, id: string): Promise<void> {
  const board = node.work.works.live;
  if (board.get(id)) return;
  await new Promise<void>((seen) => {
    const done = () => {
      clearTimeout(deadline);
      watching[Symbol.dispose]();
      seen();
    };
    const deadline = setTimeout(done, ON_BOARD_MS);
    const watching = board.on(({ upserts }) => {
      if (upserts.some((work) => work.id === id)) done();
    });
  });
}

/** The window's streams about work and the audit log. */
export function workStreams(node: LatticeNode): Pick<StreamSources, WorkStream> {
  const known = (id: string) => {
    if (!node.work.works.live.get(id)) throw new LatticeError('not_found', `No work ${id} is in the log.`);
    return id;
  };
  return {
    'works.watch': () => node.works,
    'work.watch': ({ id }) => workDetail(node.work, node.work.works.live, known(id)),
    'work.output': ({ id }) => workOutput(node.work, known(id)),
    'log.watch': ({ since }) => auditLog(node.log, since),
  };
}
