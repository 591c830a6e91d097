import type { LiveMap, LiveSource } from '../../src-shared/live.ts';
import { LiveOnDemand } from '../../src-shared/live-on-demand.ts';
import type { WorkLine, WorkView } from '../../src-shared/views/work.ts';
import type { WorkDetail } from '../../src-shared/views/work-detail.ts';
import {
  type WorkHistoryEntry,
  type WorkSpan,
  workSpans,
  workSteps,
} from '../../src-shared/views/work-timeline.ts';
import type { WorkAccess } from './work-service.ts';

/** How deep sub-works are shown below a work. */
const MAX_DEPTH = 6;

/** What a work said, from its first byte, as long as someone listens. */
export function workOutput(access: WorkAccess, workId: string): LiveSource<WorkLine> {
  return new LiveOnDemand<WorkLine>({
    key: (line) => String(line.seq),
    fill: async (target, signal) => {
      for await (const part of access.story(workId, { signal }))
        if (part.kind === 'said') target.set(part.line);
    },
  });
}

/** The record, waterfall and steps of a work with its sub-works, new after each change of any of them. */
export function workDetail(
  access: WorkAccess,
  board: LiveMap<WorkView>,
  workId: string,
): LiveSource<WorkDetail> {
  return new LiveOnDemand<WorkDetail>({
    key: () => 'work',
    fill: async (target, signal) => {
      const histories = new Map<string, WorkHistoryEntry[]>();
      const read = async (stale: ReadonlySet<string>) => {
        for (const id of [workId, ...descendants(board, workId)]) {
          if (stale.has(id) || !histories.has(id)) histories.set(id, await access.history(id));
        }
        const history = histories.get(workId) ?? [];
        const last = history.at(-1);
        if (!last || signal.aborted) return;
        target.set({
          record: last.record,
          spans: spansOf(board, histories, workId, 0),
          steps: workSteps(history),
        });
      };
      let turn = read(new Set());
      const watching = board.on(({ upserts }) => {
        const changed = upserts.filter(
          (work) => work.id === workId || work.run_id === runOf(histories, workId),
        );
        const stale = new Set(changed.filter((work) => isNews(histories, work)).map((work) => work.id));
        if (stale.size > 0) turn = turn.then(() => read(stale)).catch(() => undefined);
      });
      signal.addEventListener('abort', () => watching[Symbol.dispose]());
      await turn;
    },
  });
}

/** Progress comes often and changes no bar, so only a new revision is read from the log again. */
function isNews(histories: ReadonlyMap<string, readonly WorkHistoryEntry[]>, work: WorkView): boolean {
  return histories.get(work.id)?.at(-1)?.record.revision !== work.revision;
}

function runOf(
  histories: ReadonlyMap<string, readonly WorkHistoryEntry[]>,
  workId: string,
): string | undefined {
  return histories.get(workId)?.at(-1)?.record.run_id;
}

function childrenOf(board: LiveMap<WorkView>, workId: string): string[] {
  return [...board.values()].filter((work) => work.parent_id === workId).map((work) => work.id);
}

function descendants(board: LiveMap<WorkView>, workId: string, depth = 0): string[] {
  if (depth >= MAX_DEPTH) return [];
  return childrenOf(board, workId).flatMap((id) => [id, ...descendants(board, id, depth + 1)]);
}

function spansOf(
  board: LiveMap<WorkView>,
  histories: ReadonlyMap<string, readonly WorkHistoryEntry[]>,
  workId: string,
  depth: number,
): WorkSpan[] {
  const below =
    depth >= MAX_DEPTH
      ? []
      : childrenOf(board, workId).flatMap((id) => spansOf(board, histories, id, depth + 1));
  return workSpans(histories.get(workId) ?? [], below);
}
