import type { Command } from 'commander';
import type { BoardFinding } from '../../src-main/tracker/finding.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { type BoardStats, boardStats } from '../../src-shared/tracker/stats.ts';
import type { BoardHost } from '../board-host.ts';
import { boardAction } from '../board-run.ts';
import { cut, table } from '../output.ts';

/** Adds the commands that keep a board in order and count it. */
export function addBoardCareCommands(group: Command, host: BoardHost): void {
  addDoctor(group, host);
  addRebuild(group, host);
  addStats(group, host);
}

function addDoctor(group: Command, host: BoardHost): void {
  const command = group
    .command('doctor')
    .description('look for damage in every file of the board')
    .option('--fix', 'repair what loses nothing by it; torn lines go to .lattice/quarantine');
  boardAction<{ json?: boolean; fix?: boolean }>(host, command, async (board, flags) => {
    const { fixed, report } =
      flags.fix === true ? await board.mend() : { fixed: [], report: await board.doctor() };
    const { findings, summary } = report;
    const counts = `${summary.tasks} tasks, ${summary.events} events: ${summary.errors} errors, ${summary.warnings} warnings`;
    const repairable = findings.some(({ fixable }) => fixable)
      ? ['Repair with: lattice board doctor --fix']
      : [];
    return {
      data: {
        findings: findings.map(plain),
        summary,
        ...(flags.fix === true && { fixed: fixed.map(plain) }),
      },
      human: [
        ...fixed.map((each) => `repaired  ${words(each)}`),
        ...findings.map((each) => `${each.level.padEnd(8)}  ${words(each)}`),
        counts,
        ...repairable,
      ].join('\n'),
      failed: summary.errors > 0,
    };
  });
}

function plain({ level, check, message, task_id }: BoardFinding) {
  return { level, check, message, task_id };
}

function words({ check, message, task_id }: BoardFinding): string {
  return [check, task_id ?? '', message].filter((part) => part !== '').join('  ');
}

function addRebuild(group: Command, host: BoardHost): void {
  const command = group
    .command('rebuild')
    .description('write what follows from the logs anew')
    .argument('[task]')
    .option('--all', 'the whole board');
  boardAction<{ json?: boolean; all?: boolean }>(host, command, async (board, flags, [ref]) => {
    if ((ref === undefined) === (flags.all !== true))
      throw new LatticeError('invalid_input', 'Name one task, or use --all.');
    if (ref !== undefined) {
      const id = await board.rebuild(ref);
      return { data: { rebuilt_tasks: [id] }, human: `${id} rebuilt` };
    }
    const { rebuilt, failed, resources } = await board.rebuildAll();
    const problems = [...failed].map(([id, error]) => ({ id, message: error.message }));
    return {
      data: {
        global_log_rebuilt: true,
        rebuilt_resources: resources,
        rebuilt_tasks: rebuilt,
        ...(problems.length > 0 && { failed: problems }),
      },
      human: [
        `${rebuilt.length} tasks rebuilt, with the lifecycle log and the short ids`,
        ...problems.map(({ id, message }) => `${id}: ${message}`),
      ].join('\n'),
      failed: problems.length > 0,
    };
  });
}

function addStats(group: Command, host: BoardHost): void {
  const command = group.command('stats').description('counts, ages and flow of the board');
  boardAction<{ json?: boolean }>(host, command, async (board) => {
    const stats = boardStats(await board.states(), await board.config(), host.now());
    return { data: stats, human: page(stats) };
  });
}

function page(stats: BoardStats): string {
  const { summary } = stats;
  const pairs = (name: string, counts: BoardStats['by_status']) =>
    `${name.padEnd(12)} ${counts.map(([key, count]) => `${key} ${count}`).join(', ') || 'none'}`;
  return [
    `${summary.active_tasks} tasks on the board, ${summary.archived_tasks} in the archive, ${summary.total_events} events`,
    pairs('by status', stats.by_status),
    pairs('by priority', stats.by_priority),
    pairs('by owner', stats.by_assignee),
    ...stats.wip.map(
      ({ status, current, limit, over }) =>
        `${status.padEnd(12)} ${current} of ${limit}${over ? ', over its limit' : ''}`,
    ),
    '',
    table(
      ['WEEK', 'DONE'],
      stats.velocity.map(({ week, count }) => [week, String(count)]),
    ),
    ...(stats.stale.length === 0
      ? []
      : [
          '',
          'Not touched for a week',
          ...stats.stale.map((each) => `  ${each.id}  ${each.days_stale} d  ${cut(each.title, 60)}`),
        ]),
  ].join('\n');
}
