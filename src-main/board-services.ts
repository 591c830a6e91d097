import { join } from 'node:path';
import { LatticeError } from '../src-shared/errors.ts';
import type { LiveSource } from '../src-shared/live.ts';
import { present } from '../src-shared/present.ts';
import type { JsonValue } from '../src-shared/tracker/json.ts';
import type { BoardFinding, BoardView } from '../src-shared/views/board.ts';
import type { CallHandlers, StreamSources } from './app-services.ts';
import { boardLeases } from './boards/board-leases.ts';
import { openBoardList } from './boards/board-list.ts';
import { BoardRuns } from './boards/board-runs.ts';
import { Boards } from './boards/boards.ts';
import { cardWorks } from './boards/card-works.ts';
import { findTasks } from './boards/find-tasks.ts';
import type { OpenBoard } from './boards/open-board.ts';
import { personActor } from './boards/person-actor.ts';
import { liveBill, type Story } from './boards/work-bill.ts';
import type { LatticeNode } from './lattice-node.ts';
import { attachedFile } from './tracker/attach-file.ts';
import type { TaskOperation } from './tracker/task-operation.ts';

type BoardCall = Extract<keyof CallHandlers, `board.${string}` | `boards.${string}`>;
type BoardStream = Extract<keyof StreamSources, `board.${string}` | `boards.${string}`>;

/** The boards of this machine's window, and who moves the cards of works given here. */
export interface BoardServices extends AsyncDisposable {
  calls: Pick<CallHandlers, BoardCall>;
  streams: Pick<StreamSources, BoardStream>;
  /** Copies a file of this machine onto a task and answers with its name. @throws LatticeError `invalid_input`, `too_large`. */
  attachFile(board: string, task: string, path: string): Promise<string>;
}

/** Opens the boards of the window; the person of this machine is who acts on them. */
export async function openBoardServices(
  node: LatticeNode,
  failed: (message: string, error: unknown) => void,
): Promise<BoardServices> {
  const list = await openBoardList(join(node.paths.dataDir, 'boards.json'));
  const boards = new Boards({
    list,
    projectDir: () => node.projectDir,
    me: personActor(),
    works: node.works,
  });
  const runs = new BoardRuns({
    station: () => node.view.value.station_id,
    works: node.works,
    cardWorks: cardWorks(() => node.work),
    boards: () => boards.open,
    failed,
    moves: true,
  });
  const settle = () =>
    void boards.refresh().then(
      () => runs.replay(),
      (error: unknown) => failed('The boards were not opened', error),
    );
  // Cards of works that ended while the app was closed move without anybody looking at the board.
  settle();
  return {
    calls: boardCalls(boards, runs),
    streams: boardStreams(boards, settle, (work, options) => node.work.story(work, options)),
    attachFile: async (id, task, path) => {
      const board = await boards.get(id);
      const attachment = await attachedFile(path);
      await change(board, task, { op: 'attach', ...attachment });
      return attachment.title;
    },
    [Symbol.asyncDispose]: async () => {
      await runs[Symbol.asyncDispose]();
      await boards[Symbol.asyncDispose]();
    },
  };
}

/** Applies an operation as the person, and keeps the way back. */
async function change(
  board: OpenBoard,
  task: string,
  operation: TaskOperation,
  back?: () => Promise<TaskOperation | undefined>,
): Promise<{ undo?: string }> {
  const author = { actor: board.me };
  const { events } = await board.storage.apply(task, operation, author);
  if (events.length === 0 || back === undefined) return {};
  const undo = board.undo.keep(async () => {
    const inverse = await back();
    if (inverse === undefined)
      throw new LatticeError('conflict', 'It was changed again meanwhile.', { hint: 'Change it by hand.' });
    await board.storage.apply(task, inverse, author);
  });
  return { undo };
}

function boardCalls(boards: Boards, runs: BoardRuns): Pick<CallHandlers, BoardCall> {
  const apply = async (input: { board: string; task: string }, operation: TaskOperation) => {
    await change(await boards.get(input.board), input.task, operation);
  };
  return {
    'boards.add': async ({ path }) => ({ id: await boards.add(path) }),
    'boards.create': async ({ path, name, code }) => ({ id: await boards.create(path, name, code) }),
    'boards.remove': ({ board }) => boards.remove(board),
    'boards.filters': ({ board, filters }) => boards.setFilters(board, filters),
    'boards.find': ({ text }) => findTasks(boards.open, text),
    'board.attachUrl': ({ url, ...at }) =>
      apply(at, { op: 'attach', source: { kind: 'url', url }, title: url.slice(0, 300) }),
    'board.create': async ({ board: id, assignee, ...input }) => {
      const board = await boards.get(id);
      const assignedTo = assignee === undefined ? {} : { assignedTo: assignee };
      const { task } = await board.storage.create(
        { ...present(input), title: input.title, ...assignedTo },
        { actor: board.me },
      );
      return { id: task.id, short_id: task.short_id ?? task.id };
    },
    'board.update': ({ board, task, fields }) => updateTask(boards, board, task, present(fields)),
    'board.move': async ({ board: id, task, to, force, reason }) => {
      const board = await boards.get(id);
      const from = (await board.storage.get(task)).task.status;
      return change(board, task, { op: 'status', status: to, ...present({ force, reason }) }, async () => {
        const now = (await board.storage.get(task)).task.status;
        return now === to ? { op: 'status', status: from, force: true, reason: 'Taken back.' } : undefined;
      });
    },
    'board.assign': async ({ board: id, task, to }) => {
      const board = await boards.get(id);
      const from = (await board.storage.get(task)).task.assigned_to;
      // A session cannot be assigned again: only names may stand there.
      if (from !== null && typeof from !== 'string') return change(board, task, { op: 'assign', to });
      return change(board, task, { op: 'assign', to }, async () => {
        const now = (await board.storage.get(task)).task.assigned_to;
        return now === to ? { op: 'assign', to: from } : undefined;
      });
    },
    'board.comment': ({ parent, role, body, ...at }) =>
      apply(at, { op: 'comment', body, ...present({ replyTo: parent, role }) }),
    'board.editComment': ({ comment, body, ...at }) =>
      apply(at, { op: 'comment_edit', commentId: comment, body }),
    'board.deleteComment': ({ comment, ...at }) => apply(at, { op: 'comment_delete', commentId: comment }),
    'board.react': ({ comment, emoji, on, ...at }) =>
      apply(at, { op: on ? 'react' : 'unreact', commentId: comment, emoji }),
    'board.link': ({ type, target, note, ...at }) =>
      apply(at, { op: 'link', type, targetId: target, ...present({ note }) }),
    'board.unlink': ({ type, target, ...at }) => apply(at, { op: 'unlink', type, targetId: target }),
    'board.saveText': async ({ board, task, kind, text, digest }) => {
      await (await boards.get(board)).storage.writeText(task, kind, text, digest);
    },
    'board.archive': async ({ board: id, task, archived }) =>
      change(await boards.get(id), task, { op: archived ? 'archive' : 'unarchive' }, async () => ({
        op: archived ? 'unarchive' : 'archive',
      })),
    'board.claim': async ({ board: id }) => {
      const board = await boards.get(id);
      const outcome = await board.storage.claim({ actor: board.me }, { actor: board.me });
      return present({ task: outcome?.task.id });
    },
    'board.run': async ({ board, task, agent, station }) => ({
      work_id: await runs.run(await boards.get(board), task, agent, station),
    }),
    'board.undo': async ({ board, undo }) => (await boards.get(board)).undo.undo(undo),
    'board.verdicts': async ({ board, task }) => (await boards.get(board)).verdicts(task),
    'board.search': async ({ board, text }) => (await boards.get(board)).find(text),
    'board.stats': async ({ board }) => (await boards.get(board)).figures(),
    'board.timeline': async ({ board }) => (await boards.get(board)).timeline(),
    'board.graph': async ({ board: id }) => {
      const board = await boards.get(id);
      return [...board.cards.graph.outgoing.values()]
        .flat()
        .map(({ from, to, type }) => ({ from, to, type }));
    },
    'board.leases': async ({ board }) => boardLeases(await boards.get(board)),
    'board.lease': async ({ board: id, resource, take }) => {
      const { storage, me } = await boards.get(id);
      const op = take ? 'acquire' : 'release';
      await storage.resources.apply(resource, { op }, storage.contextOf({ actor: me }));
    },
    'board.settings': async ({ board, settings, digest }) =>
      (await boards.get(board)).saveSettings(settings, digest),
    'board.doctor': async ({ board, fix }) => {
      const findings = await (await boards.get(board)).health.doctor(fix);
      return findings.map(
        ({ level, message, task_id }): BoardFinding => ({
          level,
          message,
          ...(task_id === null ? {} : { task_id }),
        }),
      );
    },
  };
}

async function updateTask(
  boards: Boards,
  id: string,
  task: string,
  fields: Record<string, JsonValue>,
): Promise<{ undo?: string }> {
  const board = await boards.get(id);
  const valuesOf = async () => {
    const now: Record<string, unknown> = { ...(await board.storage.get(task)).task };
    return Object.fromEntries(Object.keys(fields).map((name) => [name, (now[name] ?? null) as JsonValue]));
  };
  const before = await valuesOf();
  return change(board, task, { op: 'update', fields }, async () => {
    const now = await valuesOf();
    return JSON.stringify(now) === JSON.stringify(fields) ? { op: 'update', fields: before } : undefined;
  });
}

function boardStreams(boards: Boards, settle: () => void, story: Story): Pick<StreamSources, BoardStream> {
  /** Who looks at the list makes it look again: folders come and go without telling. */
  const listed: LiveSource<BoardView> = {
    snapshot: () => boards.live.snapshot(),
    on: (listener) => {
      settle();
      return boards.live.on(listener);
    },
  };
  return {
    'boards.watch': () => listed,
    'board.watch': ({ board }) => boards.known(board).cards.live,
    'board.task': ({ board, task }) => {
      const open = boards.known(board);
      if (open.cards.live.get(task) === undefined)
        throw new LatticeError('not_found', 'This task is not on the board.', {
          hint: 'It may have been removed by another program.',
        });
      return open.detail(task);
    },
    'board.bill': ({ work }) => liveBill(story, work),
    'board.activity': ({ board }) => boards.known(board).activity(),
  };
}
