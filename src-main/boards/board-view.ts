import { basename } from 'node:path';
import type { BoardConfig } from '../../src-shared/tracker/config.ts';
import { validTransitions, wipLimit, workflowPlaces } from '../../src-shared/tracker/workflow.ts';
import type { BoardColumn, BoardSettings, BoardView } from '../../src-shared/views/board.ts';

/** The columns of a board by its workflow. */
export function columnsOf(config: BoardConfig): BoardColumn[] {
  const places = workflowPlaces(config);
  const stuck = new Set(['needs_human', 'blocked', places.waiting]);
  const waiting = new Set([...places.ready, config.default_status, 'in_planning']);
  const { descriptions = {} } = config.workflow;
  return config.workflow.statuses.map((status) => {
    const limit = wipLimit(config, status);
    const description = descriptions[status];
    const phase = places.closed.includes(status)
      ? 'over'
      : stuck.has(status)
        ? 'stuck'
        : waiting.has(status)
          ? 'waiting'
          : 'active';
    return {
      status,
      name: columnName(config, status),
      ...(description === undefined ? {} : { description }),
      ...(limit === undefined || !Number.isInteger(limit) ? {} : { limit }),
      phase,
      targets: validTransitions(config, status),
    };
  });
}

/** The name of a column: the board's own, or the status in words. */
function columnName(config: BoardConfig, status: string): string {
  const own = config.workflow.display_names?.[status];
  if (own !== undefined && own !== '') return own;
  const words = status.replaceAll(/[_-]+/g, ' ').trim();
  return words === '' ? status : words.charAt(0).toUpperCase() + words.slice(1);
}

/** What of the config the window can change. */
export function settingsOf(config: BoardConfig): BoardSettings {
  const { workflow } = config;
  return {
    name: config.project_name ?? '',
    default_status: config.default_status,
    default_priority: config.default_priority,
    task_types: [...config.task_types],
    universal_targets: [...(workflow.universal_targets ?? [])],
    ...(workflow.review_cycle_limit === undefined ? {} : { review_cycle_limit: workflow.review_cycle_limit }),
    statuses: workflow.statuses.map((status) => {
      const name = workflow.display_names?.[status];
      const limit = wipLimit(config, status);
      const policy = workflow.completion_policies?.[status];
      return {
        status,
        ...(name === undefined ? {} : { name }),
        ...(limit === undefined ? {} : { limit }),
        targets: [...(workflow.transitions[status] ?? [])],
        require_roles: [...(policy?.require_roles ?? [])],
        require_assigned: policy?.require_assigned === true,
      };
    }),
  };
}

/** The config with changed settings; everything that the window does not know stays as it is. */
export function withSettings(config: BoardConfig, settings: BoardSettings): BoardConfig {
  const { workflow } = config;
  const kept = (record: Readonly<Record<string, unknown>> | undefined) =>
    Object.fromEntries(
      Object.entries(record ?? {}).filter(([key]) => !settings.statuses.some(({ status }) => status === key)),
    );
  const each = <T>(pick: (status: BoardSettings['statuses'][number]) => T | undefined) =>
    Object.fromEntries(
      settings.statuses.flatMap((status) => {
        const value = pick(status);
        return value === undefined ? [] : [[status.status, value] as const];
      }),
    );
  const policies = each(({ status, require_roles, require_assigned }) => {
    const { require_roles: _, require_assigned: __, ...rest } = workflow.completion_policies?.[status] ?? {};
    const own = {
      ...rest,
      ...(require_roles.length === 0 ? {} : { require_roles }),
      ...(require_assigned ? { require_assigned } : {}),
    };
    return Object.keys(own).length === 0 ? undefined : own;
  });
  const optional = <T extends object>(key: string, before: unknown, value: T) =>
    before === undefined && Object.keys(value).length === 0 ? {} : { [key]: value };
  return {
    ...config,
    ...(settings.name === '' && config.project_name == null ? {} : { project_name: settings.name }),
    default_status: settings.default_status,
    default_priority: settings.default_priority,
    task_types: settings.task_types,
    workflow: {
      ...workflow,
      statuses: settings.statuses.map(({ status }) => status),
      transitions: {
        ...kept(workflow.transitions),
        ...each(({ targets }) => targets),
      } as typeof workflow.transitions,
      universal_targets: settings.universal_targets,
      ...(settings.review_cycle_limit === undefined
        ? {}
        : { review_cycle_limit: settings.review_cycle_limit }),
      ...optional('wip_limits', workflow.wip_limits, {
        ...kept(workflow.wip_limits),
        ...each(({ limit }) => limit),
      }),
      ...optional('display_names', workflow.display_names, {
        ...kept(workflow.display_names),
        ...each(({ name }) => name),
      }),
      ...optional('completion_policies', workflow.completion_policies, {
        ...kept(workflow.completion_policies),
        ...policies,
      }),
    },
  };
}

/** What stands for a board without columns: one that did not open. */
export function closedBoard(
  folder: string,
  facts: Pick<BoardView, 'id' | 'own' | 'me' | 'state'> & { problem: string },
): BoardView {
  return {
    ...facts,
    name: basename(folder),
    path: folder,
    columns: [],
    types: [],
    default_status: '',
    members: [],
    findings: [],
    filters: [],
    settings: {
      name: '',
      default_status: '',
      default_priority: '',
      task_types: [],
      universal_targets: [],
      statuses: [],
    },
    settings_digest: '',
  };
}
