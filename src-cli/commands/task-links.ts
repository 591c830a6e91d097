import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type Attachment, attachedFile } from '../../src-main/tracker/attach-file.ts';
import type { LocalBoard } from '../../src-main/tracker/local-board.ts';
import type { TaskOperation } from '../../src-main/tracker/task-operation.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../src-shared/tracker/json.ts';
import type { BoardHost } from '../board-host.ts';
import { authorOf, boardAction, taskAnswer, type WriteFlags, writes } from '../board-run.ts';

/** Adds the commands that tie a task to other tasks, branches, files and events. */
export function addTaskLinkCommands(group: Command, host: BoardHost): void {
  for (const op of ['link', 'unlink'] as const) addLink(group, host, op);
  for (const op of ['branch_link', 'branch_unlink'] as const) addBranch(group, host, op);
  addAttach(group, host);
  addEvent(group, host);
}

function addLink(group: Command, host: BoardHost, op: 'link' | 'unlink'): void {
  const command = writes(
    group
      .command(op)
      .description(
        op === 'link'
          ? 'relate a task: blocks, depends_on, subtask_of, related_to, spawned_by, duplicate_of, supersedes'
          : 'take a relation back',
      )
      .argument('<task>')
      .argument('<type>')
      .argument('<target>'),
  );
  if (op === 'link') command.option('--note <text>', 'why');
  boardAction<WriteFlags & { note?: string }>(
    host,
    command,
    async (board, flags, [task = '', type = '', to = '']) => {
      const targetId = await board.resolve(to);
      const note = flags.note === undefined ? {} : { note: flags.note };
      const outcome = await board.apply(task, { op, type, targetId, ...note }, authorOf(host, board, flags));
      return taskAnswer(outcome, op === 'link' ? `${type} ${to} now` : `no longer ${type} ${to}`);
    },
  );
}

function addBranch(group: Command, host: BoardHost, op: 'branch_link' | 'branch_unlink'): void {
  const command = writes(
    group
      .command(op.replace('_', '-'))
      .description(op === 'branch_link' ? 'tie a git branch to a task' : 'untie a branch')
      .argument('<task>')
      .argument('<branch>'),
  ).option('--repo <name>', 'the repository, when there are several');
  boardAction<WriteFlags & { repo?: string }>(
    host,
    command,
    async (board, flags, [task = '', branch = '']) => {
      const repo = flags.repo === undefined ? {} : { repo: flags.repo };
      const outcome = await board.apply(task, { op, branch, ...repo }, authorOf(host, board, flags));
      return taskAnswer(
        outcome,
        op === 'branch_link' ? `has the branch ${branch}` : `has the branch ${branch} no more`,
      );
    },
  );
}

interface AttachFlags extends WriteFlags {
  type?: string;
  title?: string;
  summary?: string;
  sensitive?: boolean;
  role?: string;
  inline?: string;
  id?: string;
}

function addAttach(group: Command, host: BoardHost): void {
  const command = writes(
    group
      .command('attach')
      .description('attach a file, a web address, or a text with --inline')
      .argument('<task>')
      .argument('[source]', 'a path or an address'),
  )
    .option('--type <type>', 'conversation, note, prompt, file, log, reference')
    .option('--title <text>', 'its name')
    .option('--summary <text>', 'what is in it')
    .option('--sensitive', 'mark it as not for everybody')
    .option('--role <role>', 'what it proves, such as review')
    .option('--inline <text>', 'the text itself')
    .option('--id <art_id>', 'an id of your own, so that the same command twice attaches once');
  boardAction<AttachFlags>(host, command, async (board, flags, [task = '', source]) => {
    const { operation, id } = await attachOperation(host, source, flags);
    const outcome = await board.apply(task, operation, authorOf(host, board, flags));
    const artifact = await attached(board, outcome.events[0]?.data.artifact_id ?? id);
    const label = outcome.task.short_id ?? outcome.task.id;
    return {
      data: artifact ?? { message: outcome.note ?? '' },
      human: outcome.note ?? `${label} has ${artifact?.title ?? ''} (${artifact?.id ?? ''})`,
      quiet: artifact?.id ?? '',
      warnings: outcome.warnings,
    };
  });
}

async function attached(board: LocalBoard, id: unknown) {
  return typeof id === 'string' ? board.artifact(id) : undefined;
}

async function attachOperation(
  host: BoardHost,
  source: string | undefined,
  flags: AttachFlags,
): Promise<{ operation: TaskOperation; id: string | undefined }> {
  const { type, summary, role, model, id } = flags;
  const found = await sourceOf(host, source, flags);
  return {
    id,
    operation: {
      op: 'attach',
      source: found.source,
      title: flags.title ?? found.title,
      ...(found.bytes === undefined ? {} : { bytes: found.bytes }),
      ...(type === undefined ? {} : { type }),
      ...(summary === undefined ? {} : { summary }),
      ...(flags.sensitive === true && { sensitive: true }),
      ...(role === undefined ? {} : { role }),
      ...(model === undefined ? {} : { model }),
      ...(id === undefined ? {} : { id }),
    },
  };
}

async function sourceOf(
  host: BoardHost,
  source: string | undefined,
  flags: AttachFlags,
): Promise<Attachment> {
  if ((source === undefined) === (flags.inline === undefined))
    throw new LatticeError('invalid_input', 'Give either a path or an address, or a text with --inline.');
  if (source === undefined)
    return {
      source: { kind: 'text', text: flags.inline ?? '' },
      title: flags.role === undefined ? 'Inline' : `Inline: ${flags.role}`,
    };
  if (/^https?:\/\//i.test(source)) return { source: { kind: 'url', url: source }, title: source };
  return attachedFile(resolve(host.cwd, source));
}

function addEvent(group: Command, host: BoardHost): void {
  const command = writes(
    group
      .command('event')
      .description('write an event of your own; its type begins with x_')
      .argument('<task>')
      .argument('<x_type>'),
  )
    .option('--data <json>', 'a JSON object', '{}')
    .option('--id <ev_id>', 'an id of your own, so that the same command twice writes one event');
  boardAction<WriteFlags & { data: string; id?: string }>(
    host,
    command,
    async (board, flags, [task = '', type = '']) => {
      const id = flags.id === undefined ? {} : { id: flags.id };
      const operation: TaskOperation = { op: 'event', type, data: eventData(flags.data), ...id };
      const outcome = await board.apply(task, operation, authorOf(host, board, flags));
      const event =
        outcome.events[0] ?? (await board.get(task)).events.find((each) => each.id === flags.id) ?? null;
      return { data: event, human: outcome.note ?? `${type} written`, quiet: event?.id ?? '' };
    },
  );
}

function eventData(text: string): JsonObject {
  const value = parseJson(text);
  if (isJsonObject(value)) return value;
  throw new LatticeError('invalid_input', 'The data of an event is a JSON object.');
}
