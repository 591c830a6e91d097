import type { Command } from 'commander';
import { resolvePaths } from '../../src-main/config/paths.ts';
import {
  answerApproval,
  approvalOf,
  type WaitingApproval,
  waitingApprovals,
} from '../../src-main/policy/approval-client.ts';
import type { ApprovalView } from '../../src-shared/views/approval.ts';
import { visibleText } from '../../src-shared/visible-text.ts';
import { globalsOf } from '../globals.ts';
import { createOutput, paint, table } from '../output.ts';
import { ago } from '../words.ts';

/** Letters of an id that tell it apart from others of the same minutes. */
const SHORT = 8;

export function addApprovalCommands(program: Command): void {
  const approvals = program
    .command('approvals')
    .description('see and answer the runs that wait for you on this machine')
    .addHelpText(
      'after',
      '\nExamples:\n  lattice approvals\n  lattice approvals show 4PQ2T7XC\n  lattice approvals allow 4PQ2T7XC\n  lattice approvals deny 4PQ2T7XC\n\nlattice.runs in config.yaml says who may run what here; approval: required in lattice.yaml makes an agent ask.',
    );
  approvals
    .command('list', { isDefault: true })
    .description('list what waits')
    .action(async (_flags: unknown, command: Command) => {
      const waiting = await found();
      outputOf(command).result({ approvals: waiting.map(({ view }) => view) }, () => listText(waiting));
    });
  approvals
    .command('show <id>')
    .description('show exactly what would run, and for whom')
    .action(async (id: string, _flags: unknown, command: Command) => {
      const { view } = approvalOf(await found(), id);
      outputOf(command).result({ approval: view }, () => viewText(view));
    });
  for (const [name, allow] of [
    ['allow', true],
    ['deny', false],
  ] as const)
    approvals
      .command(`${name} <id>`)
      .description(allow ? 'let it run once, exactly as it was shown' : 'refuse it')
      .option('--digest <sha256>', 'only when what waits has this digest')
      .action(async (id: string, flags: { digest?: string }, command: Command) => {
        const chosen = approvalOf(await found(), id);
        const { view } = chosen;
        const digest = flags.digest ?? view.digest;
        await answerApproval({ ...chosen, view: { ...view, digest } }, allow, process.env);
        outputOf(command).result({ id: view.id, digest, allowed: allow }, () =>
          allow
            ? `${view.agent} runs once for ${visibleText(view.sender.name)}.`
            : `Refused. ${visibleText(view.sender.name)} is told.`,
        );
      });
}

function outputOf(command: Command) {
  return createOutput(globalsOf(command).json === true);
}

function found(): Promise<WaitingApproval[]> {
  return waitingApprovals(resolvePaths().dataDir);
}

function listText(waiting: readonly WaitingApproval[]): string {
  if (waiting.length === 0) return 'Nothing waits for you on this machine.';
  return table(
    ['Id', 'Agent', 'From', 'Task', 'Station', 'Asked'],
    waiting.map(({ view }) => [
      paint('bold', view.id.slice(-SHORT)),
      view.agent,
      senderText(view),
      visibleText(view.task.trim().split('\n')[0] ?? '').slice(0, 60),
      view.station_name,
      ago(view.asked_at),
    ]),
  );
}

function senderText({ sender }: ApprovalView): string {
  const name = visibleText(sender.name);
  if (!sender.verified) return `${name} (not proven)`;
  return sender.role === undefined ? name : `${name} (${sender.role})`;
}

function viewText(view: ApprovalView): string {
  const context =
    Object.keys(view.context).length === 0
      ? []
      : ['', visibleText(JSON.stringify(view.context, undefined, 2))];
  return [
    `Agent     ${paint('bold', view.agent)}${view.description === '' ? '' : `  ${visibleText(view.description)}`}`,
    `From      ${senderText(view)}`,
    `Station   ${view.station_name}`,
    `Folder    ${view.folder}`,
    `Why       ${view.because === 'agent' ? 'The agent asks before each run.' : 'You want to be asked before runs of others.'}`,
    `Work      ${view.work_id}, attempt ${view.attempt}`,
    `Until     ${new Date(view.expires_at).toLocaleTimeString()}`,
    `Digest    ${view.digest}`,
    '',
    visibleText(view.task),
    ...context,
  ].join('\n');
}
