import type { WorkView } from '../../../../src-shared/views/work.ts';
import type { WorkGroups } from '../../../data/work-index.ts';
import { endedSince, RANGES, type Range } from './filter.ts';

/** The header of a group in the list. */
export interface GroupHead {
  head: string;
  count: number;
}

/** A row of the list: a header, or a work as it is, so that 100,000 rows make no new objects. */
export type ListRow = GroupHead | WorkView;

/** Whether a row is a header. */
export function isHead(row: ListRow): row is GroupHead {
  return 'head' in row;
}

/** The key of a row; a header has one that no work can have. */
export function rowKey(row: ListRow): string {
  return isHead(row) ? `# ${row.head}` : row.id;
}

function startOfDay(now: number): number {
  return new Date(now).setHours(0, 0, 0, 0);
}

/** The rows of the list from top to bottom: groups that hold nothing are left out. */
export function listRows(groups: WorkGroups, range: Range, now: number): ListRow[] {
  const span = RANGES.find((choice) => choice.value === range)?.ms ?? Number.POSITIVE_INFINITY;
  const shown = endedSince(groups.finished, now - span);
  const today = Math.min(shown, endedSince(groups.finished, startOfDay(now)));
  const sections: [string, readonly WorkView[]][] = [
    ['Needs you', groups.needs_you],
    ['Running', groups.running],
    ['Queued', groups.queued],
    ['Finished today', groups.finished.slice(0, today)],
    ['Finished earlier', groups.finished.slice(today, shown)],
  ];
  const rows: ListRow[] = [];
  return rows.concat(
    ...sections.map(([head, works]) => (works.length === 0 ? [] : [{ head, count: works.length }, ...works])),
  );
}
