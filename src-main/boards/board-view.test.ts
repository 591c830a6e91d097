import { describe, expect, it } from 'vitest';
import { type BoardConfig, defaultConfig } from '../../src-shared/tracker/config.ts';
import { serialiseDocument } from '../../src-shared/tracker/serialise.ts';
import { columnsOf, settingsOf, withSettings } from './board-view.ts';

const config = defaultConfig({ instanceId: 'inst_01ARZ3NDEKTSV4RRFFQ69G5FAV', projectCode: 'LAT' });
const rich: BoardConfig = {
  ...config,
  project_name: 'Platform',
  heartbeat: { enabled: true },
  workflow: {
    ...config.workflow,
    display_names: { in_progress: 'On it' },
    completion_policies: { done: { require_roles: ['review'], require_reachable_review_commit: true } },
    review_cycle_limit: 2,
    wip_limits: { in_progress: 3 },
    plan_approval: 'human',
  },
};

describe('the settings of a board', () => {
  it.each([
    ['a new board', config],
    ['a board with more', rich],
  ])('leave the config of %s as it is when nothing was changed', (_name, before) => {
    expect(serialiseDocument(withSettings(before, settingsOf(before)))).toBe(serialiseDocument(before));
  });

  it('change what they name and keep what they do not know', () => {
    const settings = settingsOf(rich);
    const after = withSettings(rich, {
      ...settings,
      statuses: settings.statuses.map((status) =>
        status.status === 'done'
          ? { ...status, require_roles: [], limit: 9 }
          : status.status === 'in_progress'
            ? { ...status, limit: undefined, name: undefined }
            : status,
      ),
    });
    expect(after.workflow.completion_policies).toEqual({ done: { require_reachable_review_commit: true } });
    expect(after.workflow.wip_limits).toEqual({ done: 9 });
    expect(after.workflow.display_names).toEqual({});
    expect([after.heartbeat, after.workflow.plan_approval]).toEqual([{ enabled: true }, 'human']);
  });
});

describe('the columns of a board', () => {
  it('have the names of the board, its limits, and what they are for', () => {
    const columns = columnsOf(rich);
    expect(columns.map(({ name, phase }) => `${name}: ${phase}`)).toEqual([
      'Backlog: waiting',
      'In planning: waiting',
      'Planned: waiting',
      'On it: active',
      'Review: active',
      'Done: over',
      'Blocked: stuck',
      'Needs human: stuck',
      'Cancelled: over',
    ]);
    expect(columns.find(({ status }) => status === 'in_progress')?.limit).toBe(3);
  });
});
