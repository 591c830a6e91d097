import { describe, expect, it } from 'vitest';
import type { BoardSettings } from '../../../../src-shared/views/board.ts';
import { addStatus, removeStatus, shiftStatus, toggleTarget } from './settings-edits.ts';
import { settingsProblem } from './settings-problem.ts';

const status = (name: string, targets: string[] = []) => ({
  status: name,
  targets,
  require_roles: [],
  require_assigned: false,
});
const settings: BoardSettings = {
  name: 'Board',
  default_status: 'todo',
  default_priority: 'medium',
  task_types: ['task'],
  universal_targets: ['done'],
  statuses: [status('todo', ['doing']), status('doing', ['done']), status('done')],
};
const names = (of: BoardSettings | undefined) => of?.statuses.map((one) => one.status);

describe('edits of the workflow', () => {
  it('make a word of what a person types, and refuse one that is taken or empty', () => {
    const added = addStatus(settings, ' In testing ');
    expect(added?.statuses.at(-1)).toMatchObject({ status: 'in_testing', name: 'In testing' });
    expect(addStatus(settings, 'Todo')).toBeUndefined();
    expect(addStatus(settings, ' !! ')).toBeUndefined();
  });

  it('remove a status with the ways to it', () => {
    const left = removeStatus(settings, 'done');
    expect(names(left)).toEqual(['todo', 'doing']);
    expect(left.statuses[1]?.targets).toEqual([]);
    expect(left.universal_targets).toEqual([]);
  });

  it('shift a status inside the list only', () => {
    expect(names(shiftStatus(settings, 'doing', -1))).toEqual(['doing', 'todo', 'done']);
    expect(shiftStatus(settings, 'todo', -1)).toBe(settings);
    expect(shiftStatus(settings, 'gone', 1)).toBe(settings);
  });

  it('open and close a way', () => {
    const open = toggleTarget(settings, 'todo', 'done');
    expect(open.statuses[0]?.targets).toEqual(['doing', 'done']);
    expect(toggleTarget(open, 'todo', 'done')).toEqual(settings);
  });

  it('are refused when the board could not work with them', () => {
    expect(settingsProblem(settings)).toBeUndefined();
    expect(settingsProblem({ ...settings, default_status: 'gone' })).toContain('start');
    expect(settingsProblem({ ...settings, task_types: [] })).toContain('type');
    expect(settingsProblem({ ...settings, task_types: ['a', 'a'] })).toContain('once');
    expect(
      settingsProblem({ ...settings, statuses: [...settings.statuses, { ...status('x'), name: 'TODO' }] }),
    ).toContain('todo');
  });
});
