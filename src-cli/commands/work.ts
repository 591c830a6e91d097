import { type Command, InvalidArgumentError } from 'commander';
import { parseDuration } from '../../src-shared/duration.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { present } from '../../src-shared/present.ts';
import type { WorkRecord } from '../../src-shared/protocol/work.ts';
import { durationOption, type GlobalOptions, globalsOf, pairOption } from '../globals.ts';
import { createOutput, EXIT_FAILED, type Output, paint } from '../output.ts';
import { safeText } from '../safe-text.ts';
import { type WorkClient, withWork, workId } from '../work-client.ts';
import { followStory } from '../work-story.ts';
import { addWorkViews } from './work-views.ts';

interface AssignOptions extends GlobalOptions {
  station?: string;
  capability?: string;
  priority?: number;
  deadline?: string;
  timeout?: number;
  attempts?: number;
  dedupe?: string;
  label?: string[];
  context?: Record<string, unknown>;
  parent?: string;
  wait?: boolean;
  stream?: boolean;
}

export function addWorkCommands(program: Command): void {
  const work = program.command('work').description('give durable work, watch it, act on it');
  work
    .command('assign')
    .description('give work to an agent; it is kept until it has exactly one outcome')
    .argument('<words...>', 'the agent, then the task in words; with --capability only the task')
    .option('--capability <name>', 'any agent that declares it, instead of an agent by name')
    .option('--station <id>', 'only this station may run it')
    .option('--priority <1-5>', '1 goes first, 5 last (default 3)', numberOption(1, 5))
    .option(
      '--deadline <time>',
      'when it expires: a time such as 2026-12-01T08:00:00Z, or 2h from now',
      deadlineOption,
    )
    .option('--timeout <time>', 'how long one attempt may run', durationOption)
    .option('--attempts <n>', 'attempts before a person is asked (default 3)', numberOption(1, 20))
    .option('--dedupe <key>', 'the same key is the same work, however often it is given')
    .option('--label <text>', 'a label; may be given again', (text: string, all: string[] = []) => [
      ...all,
      text,
    ])
    .option('--context <key=value>', 'a value that travels with the task; may be given again', pairOption)
    .option('--parent <id>', 'the work that this one is part of')
    .option('--wait', 'wait for the outcome and print the result')
    .option('--stream', 'show its story until the outcome')
    .addHelpText(
      'after',
      '\nExamples:\n  lattice work assign counter "Count to ten" --context to=10 --stream\n  lattice work assign --capability text "Analyse the notes" --priority 1 --wait',
    )
    .action(async (words: string[], _options: unknown, command: Command) => {
      await assign(words, command.optsWithGlobals<AssignOptions>());
    });
  addActions(work);
  addWorkViews(work);
}

async function assign(words: string[], options: AssignOptions): Promise<void> {
  const output = createOutput(options.json === true);
  const agent = options.capability === undefined ? words[0] : undefined;
  const task = (options.capability === undefined ? words.slice(1) : words).join(' ');
  if (task === '')
    throw new LatticeError('invalid_input', 'The task is missing.', { hint: 'Say in words what to do.' });
  await withWork(options, async (client) => {
    const { id, created, record } = await client.work.dispatcher.assign(
      present({
        task,
        agent,
        capability: options.capability,
        station: options.station,
        context: options.context ?? {},
        priority: options.priority,
        deadline: options.deadline,
        timeout_ms: options.timeout,
        max_attempts: options.attempts,
        dedupe_key: options.dedupe,
        labels: options.label ?? [],
        parent_id: options.parent === undefined ? undefined : await workId(client.work, options.parent),
        requested_by: client.by,
      }),
    );
    if (options.stream) return tellStory(client, id, output);
    if (options.wait) return tellOutcome(await client.work.dispatcher.await(id), client, output);
    output.result({ id, created, work: record }, () =>
      [
        `${created ? 'Assigned' : 'Known already'}  ${paint('bold', id)}`,
        ...(record.unplaceable ? [`${paint('yellow', 'Unplaceable')}  ${record.unplaceable.reason}`] : []),
        paint('dim', `lattice work watch ${id}`),
      ].join('\n'),
    );
  });
}

function addActions(work: Command): void {
  work
    .command('await')
    .description('wait for the outcome of a work and print its result')
    .argument('<id>', 'the work, or the beginning of its id')
    .option('--timeout <time>', 'give up waiting after this time; the work goes on', durationOption)
    .action(async (given: string, options: { timeout?: number }, command: Command) => {
      await acting(command, given, async (client, id, output) => {
        const limit = present({ timeoutMs: options.timeout });
        await tellOutcome(await client.work.dispatcher.await(id, limit), client, output);
      });
    });
  work
    .command('check')
    .description('say how a work stands now')
    .argument('<id>', 'the work, or the beginning of its id')
    .action(async (given: string, _options: unknown, command: Command) => {
      await acting(command, given, async (client, id, output) => {
        const record = await client.work.dispatcher.check(id);
        output.result(
          { work: record },
          () => `${record.status}${record.station_name ? ` on ${record.station_name}` : ''}`,
        );
      });
    });
  work
    .command('cancel')
    .description('stop a work wherever it is')
    .argument('<id>', 'the work, or the beginning of its id')
    .option('--reason <text>', 'why, for the record', 'Cancelled from the command line')
    .action(async (given: string, options: { reason: string }, command: Command) => {
      await acting(command, given, async (client, id, output) => {
        tellRecord(
          await client.work.dispatcher.cancel(id, client.by, options.reason),
          output,
          'Cancel asked',
        );
      });
    });
  work
    .command('answer')
    .description('answer the question of a work')
    .argument('<id>', 'the work, or the beginning of its id')
    .argument('[answer...]', 'the answer in words')
    .option('--choice <n>', 'one of the choices it offers, by number', numberOption(1, 50))
    .addHelpText(
      'after',
      '\nExamples:\n  lattice work answer 01J8 "Roll out now"\n  lattice work answer 01J8 --choice 2',
    )
    .action(async (given: string, words: string[], options: { choice?: number }, command: Command) => {
      await acting(command, given, async (client, id, output) => {
        const cause = (await client.work.dispatcher.check(id)).escalation?.cause;
        const question = cause?.kind === 'question' ? cause.question : undefined;
        const answer = options.choice === undefined ? words.join(' ') : question?.choices[options.choice - 1];
        if (!answer)
          throw new LatticeError('invalid_input', 'There is no such answer.', {
            hint: 'lattice work show lists the choices.',
          });
        tellRecord(
          await client.work.dispatcher.answer(id, client.by, answer, question?.id),
          output,
          'Answered',
        );
      });
    });
  work
    .command('ack')
    .description('say that you have seen that a work needs a person')
    .argument('<id>', 'the work, or the beginning of its id')
    .action(async (given: string, _options: unknown, command: Command) => {
      await acting(command, given, async (client, id, output) => {
        tellRecord(await client.work.dispatcher.acknowledge(id, client.by), output, 'Acknowledged');
      });
    });
  work
    .command('retry')
    .description('give a stopped work more attempts, or an ended one as new work')
    .argument('<id>', 'the work, or the beginning of its id')
    .action(async (given: string, _options: unknown, command: Command) => {
      await acting(command, given, async (client, id, output) => {
        const { record } = await client.work.dispatcher.retry(id, client.by);
        tellRecord(
          record,
          output,
          record.work_id === id ? 'Back in the queue' : `New work ${record.work_id}`,
        );
      });
    });
  work
    .command('rerun')
    .description('give the same order again, with edits, as new work')
    .argument('<id>', 'the work, or the beginning of its id')
    .option('--task <text>', 'another task')
    .option('--agent <name>', 'another agent')
    .option('--station <id>', 'another station')
    .option('--context <key=value>', 'other values; may be given again', pairOption)
    .action(async (given: string, options: Record<string, unknown>, command: Command) => {
      await acting(command, given, async (client, id, output) => {
        const { record } = await client.work.dispatcher.rerun(id, client.by, present(options));
        tellRecord(record, output, `New work ${record.work_id}`);
      });
    });
}

/** Runs an action on one work, named by its id or the beginning of it. */
async function acting(
  command: Command,
  given: string,
  action: (client: WorkClient, id: string, output: Output) => Promise<void>,
): Promise<void> {
  const globals = globalsOf(command);
  const output = createOutput(globals.json === true);
  await withWork(globals, async (client) => action(client, await workId(client.work, given), output));
}

function tellRecord(record: WorkRecord, output: Output, done: string): void {
  output.result({ work: record }, () => `${done}  ${paint('dim', record.work_id)}`);
}

/** Prints the result, or how else it ended; only a completed work is a success. */
async function tellOutcome(record: WorkRecord, client: WorkClient, output: Output): Promise<void> {
  const result =
    record.status === 'completed' ? await client.work.dispatcher.result(record.work_id) : undefined;
  output.result({ work: record, result }, () => safeText(result ?? outcomeText(record)));
  if (record.status !== 'completed') process.exitCode = EXIT_FAILED;
}

function outcomeText(record: WorkRecord): string {
  const why = record.error?.message ?? record.cancel?.reason;
  return `${record.status}${why === undefined ? '' : `: ${why}`}`;
}

async function tellStory(client: WorkClient, id: string, output: Output): Promise<void> {
  const record = await followStory(client.work, id, output);
  if (output.json) return tellOutcome(record, client, output);
  if (record.status !== 'completed') process.exitCode = EXIT_FAILED;
}

function numberOption(from: number, to: number) {
  return (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= from && value <= to) return value;
    throw new InvalidArgumentError(`Use a whole number from ${from} to ${to}.`);
  };
}

function deadlineOption(text: string): string {
  const ms = parseDuration(text);
  const at = ms === undefined ? Date.parse(text) : Date.now() + ms;
  if (Number.isNaN(at))
    throw new InvalidArgumentError('Use a time such as 2026-12-01T08:00:00Z, or 2h from now.');
  return new Date(at).toISOString();
}
