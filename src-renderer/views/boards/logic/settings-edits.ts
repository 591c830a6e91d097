import type { BoardSettings } from '../../../../src-shared/views/board.ts';

/** A status as a machine writes it, from what a person typed: *In testing* is `in_testing`. */
function statusWord(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '_')
    .replaceAll(/^[_-]+|[_-]+$/g, '')
    .slice(0, 64);
}

/** The settings with a new status before the last; undefined when its name says nothing or is taken. */
export function addStatus(settings: BoardSettings, text: string): BoardSettings | undefined {
  const status = statusWord(text);
  if (status === '' || settings.statuses.some((other) => other.status === status)) return undefined;
  const name = text.trim();
  const added = {
    status,
    ...(name.toLowerCase() === status ? {} : { name }),
    targets: [],
    require_roles: [],
    require_assigned: false,
  };
  return { ...settings, statuses: [...settings.statuses, added] };
}

/** The settings without a status, and without the ways to it. */
export function removeStatus(settings: BoardSettings, status: string): BoardSettings {
  return {
    ...settings,
    universal_targets: settings.universal_targets.filter((other) => other !== status),
    statuses: settings.statuses
      .filter((other) => other.status !== status)
      .map((other) => ({ ...other, targets: other.targets.filter((target) => target !== status) })),
  };
}

/** The settings with a status one place further. */
export function shiftStatus(settings: BoardSettings, status: string, step: 1 | -1): BoardSettings {
  const statuses = [...settings.statuses];
  const at = statuses.findIndex((other) => other.status === status);
  const to = at + step;
  const moved = statuses[at];
  if (moved === undefined || to < 0 || to >= statuses.length) return settings;
  statuses.splice(at, 1);
  statuses.splice(to, 0, moved);
  return { ...settings, statuses };
}

/** The settings with a way from one status to another opened or closed. */
export function toggleTarget(settings: BoardSettings, from: string, to: string): BoardSettings {
  return {
    ...settings,
    statuses: settings.statuses.map((other) => {
      if (other.status !== from) return other;
      const has = other.targets.includes(to);
      return {
        ...other,
        targets: has ? other.targets.filter((target) => target !== to) : [...other.targets, to],
      };
    }),
  };
}
