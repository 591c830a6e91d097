import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LiveMap } from '../../src-shared/live.ts';
import type { WorkOrderInput } from '../../src-shared/protocol/work.ts';
import type { Bill } from '../../src-shared/views/bill.ts';
import type { WorkView } from '../../src-shared/views/work.ts';
import { changeConfig } from '../tracker/board-settings.ts';
import { initBoard } from '../tracker/init-board.ts';
import { boardId } from './board-list.ts';
import { BoardRuns } from './board-runs.ts';
import { workMarks } from './card-work.ts';
import { OpenBoard } from './open-board.ts';

let folder: string;
let board: OpenBoard;
let works: LiveMap<WorkView>;
let runs: BoardRuns;
let orders: WorkOrderInput[];
let result: string;
let bill: Bill | undefined;
let failures: unknown[];

const time = '2026-11-21T10:00:00.000Z';

function open(): Promise<OpenBoard> {
  const options = { id: boardId(folder), folder, own: true, me: 'human:ann', filters: () => [] };
  return OpenBoard.open({ ...options, workOf: () => undefined });
}

function start(station = 'atlas'): BoardRuns {
  return new BoardRuns({
    station: () => station,
    works,
    cardWorks: {
      give: async (order) => {
        orders.push(order);
        const id = `W${orders.length}`;
        works.set(work(id, { labels: order.labels ?? [] }));
        return id;
      },
      result: async () => result,
      bill: async () => bill,
    },
    boards: () => [board],
    failed: (_message, error) => failures.push(error),
    moves: true,
  });
}

function work(id: string, more: Partial<WorkView> = {}): WorkView {
  return {
    id,
    task: 'A task',
    agent: 'coder',
    status: 'assigned',
    priority: 3,
    attempt: 1,
    attempts_allowed: 3,
    run_id: id,
    requested_by: 'human:ann',
    created_at: time,
    queued_at: time,
    updated_at: time,
    revision: 1,
    ...more,
  };
}

const change = (id: string, more: Partial<WorkView>) =>
  works.set({ ...(works.get(id) ?? work(id)), ...more });
const state = async () => board.storage.get('LAT-1');
const status = async () => (await state()).task.status;
const bodies = async () =>
  (await state()).events.filter(({ type }) => type === 'comment_added').map(({ data }) => data.body);
const marks = async () => workMarks((await state()).events).map((mark) => mark.state);
const reaches = (wanted: string) =>
  vi.waitFor(async () => expect((await marks()).at(-1)).toBe(wanted), 5_000);
const asking = (question_id: string) =>
  ({
    status: 'escalated',
    waits: {
      kind: 'question',
      text: 'Which colour?',
      question_id,
      severity: 'high',
      since: time,
      raised_at: time,
      raised: 1,
      acknowledged: false,
    },
  }) as const;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-runs-'));
  await initBoard(folder, { projectCode: 'LAT', defaultActor: 'human:ann' });
  board = await open();
  await board.storage.create({ title: 'Fix it', description: 'It is broken.' }, { actor: 'human:ann' });
  works = new LiveMap((each) => each.id);
  orders = [];
  failures = [];
  result = 'Mended.';
  bill = undefined;
  runs = start();
});

afterEach(async () => {
  await runs[Symbol.asyncDispose]();
  await board[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
  expect(failures).toEqual([]);
});

async function give(): Promise<string> {
  return runs.run(board, (await state()).task.id, 'coder', undefined);
}

it('gives an agent what it has to know, and refuses a second run beside it', async () => {
  await board.storage.writeText('LAT-1', 'plan', '- [ ] Look');
  await board.storage.apply('LAT-1', { op: 'comment', body: 'Mind the cookies.' }, { actor: 'human:ben' });
  await give();
  expect(orders[0]?.task).toBe(
    'LAT-1: Fix it\n\nIt is broken.\n\nPlan:\n- [ ] Look\n\nComments:\nben: Mind the cookies.',
  );
  await expect(give()).rejects.toThrow('coder works on it already.');
});

it('moves the card as the work goes, and writes its result as the agent', async () => {
  await board.storage.writeText('LAT-1', 'plan', '- [ ] Look');
  const id = await give();
  change(id, { status: 'accepted' });
  await reaches('running');
  expect([await status(), (await state()).task.assigned_to]).toEqual(['in_progress', 'agent:coder']);
  change(id, asking('colour'));
  await reaches('asks');
  expect(await status()).toBe('needs_human');
  change(id, { status: 'accepted', waits: undefined });
  await vi.waitFor(async () => expect(await status()).toBe('in_progress'), 5_000);
  change(id, { status: 'completed', ended_at: time });
  await reaches('completed');
  expect(await status()).toBe('review');
  expect(await bodies()).toEqual(['Question: Which colour?', 'Mended.']);
  expect((await state()).events.at(-1)?.actor).toBe('agent:coder');
});

it('attaches a long result and comments its beginning', async () => {
  result = 'Long. '.repeat(3_000);
  const id = await give();
  change(id, { status: 'completed', ended_at: time });
  await reaches('completed');
  const { evidence_refs } = (await state()).task;
  expect(evidence_refs.map((ref) => ref.source_type)).toEqual(['artifact']);
  expect(String((await bodies())[0])).toMatch(/The whole result is attached\.$/);
});

it('brings a failed run to a person, with the reason', async () => {
  const id = await give();
  change(id, { status: 'failed', ended_at: time, error: 'The disk is full.' });
  await reaches('failed');
  expect([await status(), await bodies()]).toEqual(['needs_human', ['Failed: The disk is full.']]);
});

const kept = async () => workMarks((await state()).events).map((mark) => mark.kept?.status);

it('leaves a card where a rule keeps it, and says which rule and what a person can do', async () => {
  const id = await give();
  change(id, { status: 'accepted' });
  await reaches('running');
  expect([await status(), await kept()]).toEqual(['backlog', [undefined, 'backlog']]);
  expect(await bodies()).toEqual([
    'The rules of this board keep the card in backlog: It has no plan yet. Write one first; a line is enough. When that is done, move it to in progress yourself; or move it now and write down why.',
  ]);
  change(id, { status: 'completed', ended_at: time });
  await reaches('completed');
  const moves = (await state()).events.filter(({ type }) => type === 'status_changed');
  expect(moves.map(({ data }) => data.to)).toEqual(['planned', 'review']);
});

it('brings a failed run to a person only where the workflow lets it', async () => {
  await changeConfig(board.storage, (config) => ({
    ...config,
    workflow: { ...config.workflow, universal_targets: [] },
  }));
  await vi.waitFor(() => expect(board.config.workflow.universal_targets).toEqual([]), 5_000);
  const id = await give();
  change(id, { status: 'failed', ended_at: time, error: 'The disk is full.' });
  await reaches('failed');
  // Needs human is two listed moves away: in planning, then on.
  expect(await status()).toBe('needs_human');
  const forced = (await state()).events.filter(({ data }) => data.force === true);
  expect(forced).toEqual([]);
});

it('writes what an ended work cost onto its card, and the figures add it up', async () => {
  bill = { calls: 2, tokens: 1_200, usd: 0.03, estimated: false };
  for (const _ of [1, 2]) {
    const id = await give();
    change(id, { status: 'cancelled', ended_at: time });
    await vi.waitFor(async () => {
      const own = workMarks((await state()).events).filter((mark) => mark.work === id);
      expect(own.at(-1)?.cost).toEqual(bill);
    }, 5_000);
  }
  const { cost } = await board.figures();
  expect(cost).toMatchObject({ tasks: 1, median: 0.06, total: { calls: 4, usd: 0.06 } });
  expect(cost.lines).toMatchObject([{ short_id: 'LAT-1', runs: 2, bill: { tokens: 2_400 } }]);
});

it('goes on after a restart where it was, and does nothing twice', async () => {
  const id = await give();
  await runs[Symbol.asyncDispose]();
  change(id, { status: 'completed', ended_at: time });
  expect(await marks()).toEqual(['given']);
  runs = start();
  await reaches('completed');
  const before = (await state()).events.length;
  await runs[Symbol.asyncDispose]();
  runs = start();
  await runs.settle(works.get(id) ?? work(id));
  expect((await state()).events).toHaveLength(before);
});

it('notes a work that was given just before the app ended', async () => {
  const { task } = await state();
  await runs[Symbol.asyncDispose]();
  const order = { labels: [] as string[] };
  runs = start();
  await give();
  order.labels = [...(orders[0]?.labels ?? [])];
  works.set(work('W9', { labels: order.labels, status: 'accepted', created_at: '2026-11-22T10:00:00.000Z' }));
  await vi.waitFor(async () => {
    const found = workMarks((await state()).events).filter((mark) => mark.work === 'W9');
    expect(found.map((mark) => mark.state)).toEqual(['given', 'running']);
  }, 5_000);
  expect(task.status).toBe('backlog');
});

it('leaves cards to the station that gave the work, and a closed card where it is', async () => {
  const id = await give();
  await runs[Symbol.asyncDispose]();
  runs = start('forge');
  change(id, { status: 'accepted' });
  await runs.settle(works.get(id) ?? work(id));
  expect(await marks()).toEqual(['given']);
  await runs[Symbol.asyncDispose]();
  await board.storage.apply('LAT-1', { op: 'status', status: 'cancelled' }, { actor: 'human:ann' });
  runs = start();
  change(id, { status: 'completed', ended_at: time });
  await reaches('completed');
  expect([await status(), await bodies()]).toEqual(['cancelled', ['Mended.']]);
});

it('takes no notice of labels that name no task', async () => {
  works.set(work('W1', { labels: ['card:../../etc/passwd', 'card:', 'from:atlas'], status: 'accepted' }));
  works.set(
    work('W2', { labels: ['card:task_01ARZ3NDEKTSV4RRFFQ69G5FAV'], status: 'completed', ended_at: time }),
  );
  await runs.settle(works.get('W2') ?? work('W2'));
  expect(await marks()).toEqual([]);
});
