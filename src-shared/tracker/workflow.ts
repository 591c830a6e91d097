import type { BoardConfig } from './config.ts';

/** Where a task may go from a status without force: the listed targets, then the universal ones. */
export function validTransitions(config: BoardConfig, from: string): string[] {
  const listed = Object.hasOwn(config.workflow.transitions, from) ? config.workflow.transitions[from] : [];
  const universal = config.workflow.universal_targets ?? [];
  return [...new Set([...(listed ?? []), ...universal])].filter((to) => to !== from);
}

/** True when a task may go to the status from anywhere, past the completion policies. */
export function isUniversalTarget(config: BoardConfig, status: string): boolean {
  return (config.workflow.universal_targets ?? []).includes(status);
}

/** The name of a status as the board shows it. */
export function statusName(config: BoardConfig, status: string): string {
  const names = config.workflow.display_names ?? {};
  return (Object.hasOwn(names, status) ? names[status] : undefined) ?? status;
}

/** The status that a person means: its own name, or the name the board shows, in either case. */
export function resolveStatus(config: BoardConfig, input: string): string | undefined {
  const wanted = input.trim();
  const { statuses } = config.workflow;
  if (statuses.includes(wanted)) return wanted;
  const folded = wanted.toLowerCase();
  return statuses.find(
    (status) =>
      status.toLowerCase() === folded.replace(/[ -]/g, '_') ||
      statusName(config, status).toLowerCase() === folded,
  );
}

/** The roles that a comment or artifact may prove; empty when the board has none and takes any. */
export function knownRoles(config: BoardConfig): string[] {
  const policies = Object.values(config.workflow.completion_policies ?? {});
  return [
    ...new Set([
      ...(config.workflow.roles ?? []),
      ...policies.flatMap((policy) => policy.require_roles ?? []),
    ]),
  ];
}

/** How many tasks a status may hold; undefined without a limit. */
export function wipLimit(config: BoardConfig, status: string): number | undefined {
  const limits = config.workflow.wip_limits ?? {};
  return Object.hasOwn(limits, status) ? limits[status] : undefined;
}

/** What a status is for, on boards that name their statuses as they like. */
export interface WorkflowPlaces {
  /** Where claimed work goes. */
  readonly working: string;
  /** Where finished work waits to be looked at; undefined when the board has no such status. */
  readonly review: string | undefined;
  /** Where work goes that needs a person; undefined when the board has no such status. */
  readonly waiting: string | undefined;
  /** Where nothing goes on: no way leads out but the universal ones. */
  readonly closed: readonly string[];
  /** Where `next` looks for tasks. */
  readonly ready: readonly string[];
}

/** The places of a board's workflow: by the usual names, else by the shape of the workflow. */
export function workflowPlaces(config: BoardConfig): WorkflowPlaces {
  const { statuses, transitions } = config.workflow;
  const first = (names: readonly string[]) => names.find((name) => statuses.includes(name));
  const closed = statuses.filter(
    (status) =>
      ['done', 'cancelled'].includes(status) ||
      (Object.hasOwn(transitions, status) && (transitions[status] ?? []).length === 0),
  );
  const ready = ['backlog', 'todo', 'planned'].filter((status) => statuses.includes(status));
  const open = statuses.filter((status) => status !== config.default_status && !closed.includes(status));
  return {
    working: first(['in_progress']) ?? open[0] ?? config.default_status,
    review: first(['review', 'in_review']),
    waiting: first(['needs_human', 'blocked']),
    closed,
    ready: ready.length > 0 ? ready : [config.default_status],
  };
}

/** The longest way that a claim takes through the workflow, in moves. */
const LONGEST_WAY = 3;

/** The shortest way from one status to another along listed transitions, at most three moves; without `from`. */
export function shortestWay(config: BoardConfig, from: string, to: string): string[] | undefined {
  let ways: string[][] = [[]];
  const seen = new Set([from]);
  if (from === to) return [];
  for (let moves = 0; moves < LONGEST_WAY; moves += 1) {
    const longer: string[][] = [];
    for (const way of ways) {
      const at = way.at(-1) ?? from;
      const targets = Object.hasOwn(config.workflow.transitions, at) ? config.workflow.transitions[at] : [];
      for (const next of targets ?? []) {
        if (seen.has(next)) continue;
        seen.add(next);
        if (next === to) return [...way, next];
        longer.push([...way, next]);
      }
    }
    ways = longer;
  }
  return undefined;
}
