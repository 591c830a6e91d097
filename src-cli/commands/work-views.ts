import type { Command } from 'commander';
import { duration } from '../../src-shared/duration.ts';
import { isEnded, type WorkRecord } from '../../src-shared/protocol/work.ts';
import type { WorkView } from '../../src-shared/views/work.ts';
import { type WorkStep, workSteps } from '../../src-shared/views/work-timeline.ts';
import { globalsOf } from '../globals.ts';
import { createOutput, cut, type Output, paint, table } from '../output.ts';
import { safeText } from '../safe-text.ts';
import { listWorks, type WorkClient, withWork, workId } from '../work-client.ts';
import { followStory } from '../work-story.ts';

interface ListOptions {
  status?: string;
  agent?: string;
  station?: string;
  label?: string;
  mine?: boolean;
  all?: boolean;
  limit: string;
}

export function addWorkViews(work: Command): void {
  work
    .command('list')
    .description('list works, those that are open first')
    .option('--status <status>', 'assigned, accepted, escalated, completed, failed, cancelled or expired')
    .option('--agent <name>', 'only works for this agent')
    .option('--station <name>', 'only works on this station, by name or id')
    .option('--label <text>', 'only works with this label')
    .option('--mine', 'only what I asked for')
    .option('--all', 'ended works too')
    .option('--limit <n>', 'at most this many', '50')
    .action(async (options: ListOptions, command: Command) => {
      const globals = globalsOf(command);
      const output = createOutput(globals.json === true);
      await withWork(globals, async (client) => {
        const works = choose(await listWorks(client.work), options, client.by);
        output.result({ works }, () =>
          works.length === 0 ? 'No work fits. lattice work assign gives some.' : workTable(works),
        );
      });
    });
  work
    .command('show')
    .description('show everything about a work')
    .argument('<id>', 'the work, or the beginning of its id')
    .action(async (given: string, _options: unknown, command: Command) => {
      const globals = globalsOf(command);
      const output = createOutput(globals.json === true);
      await withWork(globals, async ({ work: access }) => {
        const id = await workId(access, given);
        const record = await access.dispatcher.check(id);
        const steps = workSteps(await access.history(id));
        output.result({ work: record, steps }, () => describe(record, steps));
      });
    });
  work
    .command('watch')
    .description('watch one work from its first byte, or all that are open')
    .argument('[id]', 'the work, or the beginning of its id')
    .addHelpText('after', '\nExamples:\n  lattice work watch\n  lattice work watch 01J8')
    .action(async (given: string | undefined, _options: unknown, command: Command) => {
      const globals = globalsOf(command);
      const output = createOutput(globals.json === true);
      await withWork(globals, async (client) => {
        if (given === undefined) return watchAll(client, output);
        const record = await followStory(client.work, await workId(client.work, given), output);
        if (output.json) output.result({ work: record }, () => '');
      });
    });
}

function choose(works: WorkView[], options: ListOptions, me: string): WorkView[] {
  const { status, agent, station, label } = options;
  return works
    .filter(
      (work) =>
        (status === undefined ? options.all === true || !isEnded(work.status) : work.status === status) &&
        (agent === undefined || work.agent === agent) &&
        (station === undefined || work.station_id === station || work.station_name === station) &&
        (label === undefined || work.labels?.includes(label) === true) &&
        (options.mine !== true || work.requested_by === me),
    )
    .sort(
      (a, b) =>
        Number(isEnded(a.status)) - Number(isEnded(b.status)) || b.created_at.localeCompare(a.created_at),
    )
    .slice(0, Number(options.limit) || 50);
}

function workTable(works: WorkView[]): string {
  return table(
    ['Id', 'State', 'Agent', 'Station', 'Age', 'Task'],
    works.map((work) => [
      paint('dim', work.id),
      stateWord(work),
      work.agent ?? work.capability ?? '',
      work.station_name ?? '',
      duration(Date.now() - Date.parse(work.created_at)),
      cut(safeText(work.task), 60),
    ]),
  );
}

function stateWord(work: WorkView): string {
  const percent = work.progress?.percent;
  switch (work.status) {
    case 'assigned':
      return work.unplaceable === undefined ? 'queued' : paint('yellow', 'unplaceable');
    case 'accepted':
      return paint('cyan', percent === undefined ? 'running' : `running ${Math.round(percent)}%`);
    case 'escalated':
      return paint('yellow', work.waits?.kind === 'question' ? 'asks you' : 'stopped');
    case 'completed':
      return paint('green', work.status);
    case 'failed':
      return paint('red', work.status);
    case 'cancelled':
    case 'expired':
      return paint('gray', work.status);
    default:
      return work.status satisfies never;
  }
}

function describe(record: WorkRecord, steps: WorkStep[]): string {
  const cause = record.status === 'escalated' ? record.escalation?.cause : undefined;
  const facts: [string, string | undefined][] = [
    ['Id', record.work_id],
    ['State', `${record.status}, attempt ${record.attempt} of ${record.attempts_allowed}`],
    ['Agent', record.agent ?? record.capability],
    ['Station', record.station_name ?? record.station],
    ['Asked by', `${record.requested_by}, ${record.created_at.slice(0, 16).replace('T', ' ')}`],
    ['Labels', record.labels.join(', ')],
    ['Unplaceable', record.unplaceable?.reason],
    ['Asks', cause?.kind === 'question' ? cause.question.text : undefined],
    ['Error', record.error?.message],
    ['Result', record.result === undefined ? undefined : cut(record.result, 200)],
  ];
  return [
    paint('bold', safeText(record.task)),
    ...facts
      .filter(([, value]) => value)
      .map(([label, value]) => `${label.padEnd(12)} ${safeText(value ?? '')}`),
    ...(cause?.kind === 'question'
      ? cause.question.choices.map((choice, index) => `  ${index + 1}  ${safeText(choice)}`)
      : []),
    ...(record.why.length > 0 ? ['', paint('dim', 'Why there')] : []),
    ...record.why.map((each) => `  ${each.chosen ? '✓' : '–'} ${each.station_name}  ${each.reason}`),
    '',
    paint('dim', 'What happened'),
    ...steps.map(
      (step) =>
        `  ${step.at.slice(11, 19)}  ${safeText(step.text)}${step.signals ? paint('dim', ` (${step.signals.join('; ')})`) : ''}`,
    ),
  ].join('\n');
}

/** On a terminal a table that redraws in place; elsewhere a line for each change. Ends with Ctrl C. */
async function watchAll({ work }: WorkClient, output: Output): Promise<void> {
  const board = await work.openBoard(false);
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  let height = 0;
  const draw = () => {
    const works = board.live
      .snapshot()
      .sort((a, b) => b.created_at.localeCompare(a.created_at))
      .slice(0, (process.stdout.rows ?? 24) - 3);
    const text = works.length === 0 ? 'No work is open. Ctrl C ends.' : workTable(works);
    output.write(`${height > 0 ? `\u001b[${height}A\u001b[J` : ''}${text}\n`);
    height = text.split('\n').length;
  };
  const tell = (changed: readonly WorkView[]) => {
    for (const each of changed) {
      if (output.json) process.stdout.write(`${JSON.stringify({ ok: true, data: { work: each } })}\n`);
      else
        output.line(
          `${each.updated_at.slice(11, 19)}  ${each.id}  ${stateWord(each)}  ${cut(safeText(each.task), 60)}`,
        );
    }
  };
  if (output.live) draw();
  else tell(board.live.snapshot());
  const watching = board.live.on(({ upserts }) => (output.live ? draw() : tell(upserts)));
  const ticking = output.live ? setInterval(draw, 1_000) : undefined;
  try {
    await new Promise<void>((ended) => stop.signal.addEventListener('abort', () => ended()));
  } finally {
    clearInterval(ticking);
    watching[Symbol.dispose]();
    await board[Symbol.asyncDispose]();
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
