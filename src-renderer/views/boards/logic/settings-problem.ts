import type { BoardSettings } from '../../../../src-shared/views/board.ts';

/** Why settings cannot be saved, in a sentence; undefined when they can. */
export function settingsProblem(settings: BoardSettings): string | undefined {
  const names = settings.statuses.map(({ status }) => status);
  if (!names.includes(settings.default_status)) return 'New tasks have to start in a status of the workflow.';
  if (settings.task_types.length === 0) return 'Name at least one type of task.';
  if (new Set(settings.task_types).size < settings.task_types.length)
    return 'Each type has to be there only once.';
  const shown = settings.statuses.map(({ status, name }) => (name ?? status).toLowerCase());
  const twice = shown.find((name, index) => shown.indexOf(name) !== index);
  return twice === undefined ? undefined : `Two statuses are shown as ${twice}.`;
}
