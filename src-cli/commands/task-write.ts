import type { Command } from 'commander';
import { LatticeError } from '../../src-shared/errors.ts';
import { actorName } from '../../src-shared/tracker/actor.ts';
import type { BoardHost } from '../board-host.ts';
import { authorOf, boardAction, checkedActor, taskAnswer, type WriteFlags, writes } from '../board-run.ts';

interface CreateFlags extends WriteFlags {
  type?: string;
  priority?: string;
  urgency?: string;
  complexity?: string;
  status?: string;
  description?: string;
  tags?: string;
  assignedTo?: string;
  id?: string;
}

/** Adds the commands that make and change tasks. */
export function addTaskWriteCommands(group: Command, host: BoardHost): void {
  addCreate(group, host);
  addUpdate(group, host);
  addStatus(group, host);
  addAssign(group, host);
  addComplete(group, host);
}

function addCreate(group: Command, host: BoardHost): void {
  const command = writes(group.command('create').description('make a task').argument('<title>'))
    .option('--type <type>', 'task, bug, spike, chore, or what the board knows')
    .option('--priority <priority>', 'critical, high, medium, low')
    .option('--urgency <urgency>', 'immediate, high, normal, low')
    .option('--complexity <complexity>', 'low, medium, high')
    .option('--status <status>', 'where it begins')
    .option('--description <text>', 'what it is about')
    .option('--tags <a,b>', 'words, with commas between them')
    .option('--assigned-to <actor>', 'who has it')
    .option('--id <task_id>', 'an id of your own, so that the same command twice makes one task');
  boardAction<CreateFlags>(host, command, async (board, flags, [title = '']) => {
    const { type, priority, urgency, complexity, status, description, id } = flags;
    const outcome = await board.create(
      {
        title,
        ...(type === undefined ? {} : { type }),
        ...(priority === undefined ? {} : { priority }),
        ...(urgency === undefined ? {} : { urgency }),
        ...(complexity === undefined ? {} : { complexity }),
        ...(status === undefined ? {} : { status }),
        ...(description === undefined ? {} : { description }),
        ...(flags.tags === undefined ? {} : { tags: words(flags.tags) }),
        ...(flags.assignedTo === undefined ? {} : { assignedTo: checkedActor(flags.assignedTo) }),
        ...(id === undefined ? {} : { id }),
      },
      authorOf(host, board, flags),
    );
    const { task, note, warnings } = outcome;
    const label = task.short_id ?? task.id;
    const human = note === undefined ? `${label} created: ${task.title}` : `${label}: ${note}`;
    return { data: task, human, quiet: task.id, warnings };
  });
}

function words(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function addUpdate(group: Command, host: BoardHost): void {
  const command = writes(
    group
      .command('update')
      .description(
        'set fields: title, description, priority, urgency, complexity, type, tags, custom_fields.<name>',
      )
      .argument('<task>')
      .argument('<field=value...>'),
  );
  boardAction<WriteFlags>(host, command, async (board, flags, [task = '', ...pairs]) => {
    const fields = Object.fromEntries(pairs.map(fieldPair));
    const outcome = await board.apply(task, { op: 'update', fields }, authorOf(host, board, flags));
    const changed = outcome.events.map((event) => String(event.data.field)).join(', ');
    return taskAnswer(outcome, `changed: ${changed}`);
  });
}

function fieldPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  if (at < 1)
    throw new LatticeError('invalid_input', `Invalid field '${pair.slice(0, 80)}'.`, {
      hint: 'Use field=value.',
    });
  return [pair.slice(0, at), pair.slice(at + 1)];
}

function addStatus(group: Command, host: BoardHost): void {
  const command = writes(
    group.command('status').description('move a task').argument('<task>').argument('<status>'),
  ).option('--force', 'past the rules of the board; needs --reason');
  boardAction<WriteFlags & { force?: boolean }>(
    host,
    command,
    async (board, flags, [task = '', status = '']) => {
      const outcome = await board.apply(
        task,
        {
          op: 'status',
          status,
          ...(flags.force === true && { force: true }),
          ...(flags.reason === undefined ? {} : { reason: flags.reason }),
        },
        authorOf(host, board, flags),
      );
      return taskAnswer(outcome, `is ${outcome.task.status}`);
    },
  );
}

const NOBODY: readonly string[] = ['none', 'unassigned', '-'];

function addAssign(group: Command, host: BoardHost): void {
  const command = writes(
    group
      .command('assign')
      .description('give a task to somebody, or to none')
      .argument('<task>')
      .argument('<actor>'),
  );
  boardAction<WriteFlags>(host, command, async (board, flags, [task = '', to = '']) => {
    const actor = NOBODY.includes(to.toLowerCase()) ? null : checkedActor(to);
    const outcome = await board.apply(task, { op: 'assign', to: actor }, authorOf(host, board, flags));
    const owner = outcome.task.assigned_to;
    return taskAnswer(outcome, owner === null ? 'belongs to nobody' : `belongs to ${actorName(owner)}`);
  });
}

function addComplete(group: Command, host: BoardHost): void {
  const command = writes(
    group.command('complete').description('finish a task with a review, in one write').argument('<task>'),
  ).requiredOption('--review <text>', 'what the review found');
  boardAction<WriteFlags & { review: string }>(host, command, async (board, flags, [task = '']) =>
    taskAnswer(
      await board.apply(task, { op: 'complete', review: flags.review }, authorOf(host, board, flags)),
      'is done',
    ),
  );
}
