/** Something wrong with a board, as `doctor` names it. */
export interface BoardFinding {
  readonly level: 'error' | 'warning';
  /** A word for programs: `torn_line`, `snapshot_drift` and so on. */
  readonly check: string;
  readonly message: string;
  readonly task_id: string | null;
  /** Whether `doctor --fix` repairs it without losing anything. */
  readonly fixable: boolean;
}

/** A finding; warnings and what cannot be repaired are said explicitly. */
export function finding(
  check: string,
  message: string,
  more: { task?: string; level?: 'warning'; fixable?: boolean } = {},
): BoardFinding {
  return {
    level: more.level ?? 'error',
    check,
    message,
    task_id: more.task ?? null,
    fixable: more.fixable ?? false,
  };
}
