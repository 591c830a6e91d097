import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { TaskOperation } from '../../src-main/tracker/task-operation.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { actorName } from '../../src-shared/tracker/actor.ts';
import { type Comment, commentTree } from '../../src-shared/tracker/comments.ts';
import type { BoardHost } from '../board-host.ts';
import { authorOf, boardAction, taskAnswer, type WriteFlags, writes } from '../board-run.ts';

/** Adds the commands around comments. */
export function addTaskCommentCommands(group: Command, host: BoardHost): void {
  const comment = writes(
    group.command('comment').description('say something about a task').argument('<task>').argument('[text]'),
  )
    .option('--file <path>', 'take the text from a file')
    .option('--reply-to <comment>', 'answer a comment')
    .option('--role <role>', 'what the comment proves, such as review');
  boardAction<WriteFlags & { file?: string; replyTo?: string; role?: string }>(
    host,
    comment,
    async (board, flags, [task = '', text]) => {
      const operation: TaskOperation = {
        op: 'comment',
        body: await textOf(host, text, flags.file),
        ...(flags.replyTo === undefined ? {} : { replyTo: flags.replyTo }),
        ...(flags.role === undefined ? {} : { role: flags.role }),
      };
      const outcome = await board.apply(task, operation, authorOf(host, board, flags));
      return taskAnswer(outcome, `has your comment ${outcome.events[0]?.id ?? ''}`);
    },
  );
  addEdit(group, host);
  addSmall(group, host);
  addComments(group, host);
}

function addEdit(group: Command, host: BoardHost): void {
  const command = writes(
    group
      .command('comment-edit')
      .description('word a comment anew')
      .argument('<task>')
      .argument('<comment>')
      .argument('<text>'),
  ).option('--role <role>', 'what it proves now');
  boardAction<WriteFlags & { role?: string }>(
    host,
    command,
    async (board, flags, [task = '', id = '', body = '']) => {
      const role = flags.role === undefined ? {} : { role: flags.role };
      const operation: TaskOperation = { op: 'comment_edit', commentId: id, body, ...role };
      return taskAnswer(
        await board.apply(task, operation, authorOf(host, board, flags)),
        'has the new wording',
      );
    },
  );
}

function addSmall(group: Command, host: BoardHost): void {
  const remove = writes(
    group
      .command('comment-delete')
      .description('take a comment away')
      .argument('<task>')
      .argument('<comment>'),
  );
  boardAction<WriteFlags>(host, remove, async (board, flags, [task = '', id = '']) => {
    const operation: TaskOperation = { op: 'comment_delete', commentId: id };
    return taskAnswer(
      await board.apply(task, operation, authorOf(host, board, flags)),
      'has one comment less',
    );
  });
  for (const op of ['react', 'unreact'] as const) {
    const command = writes(
      group
        .command(op)
        .description(op === 'react' ? 'react to a comment with an emoji name' : 'take a reaction back')
        .argument('<task>')
        .argument('<comment>')
        .argument('<emoji>'),
    );
    boardAction<WriteFlags>(host, command, async (board, flags, [task = '', id = '', emoji = '']) => {
      const operation: TaskOperation = { op, commentId: id, emoji };
      const done = op === 'react' ? `has your ${emoji}` : `lost your ${emoji}`;
      return taskAnswer(await board.apply(task, operation, authorOf(host, board, flags)), done);
    });
  }
}

function addComments(group: Command, host: BoardHost): void {
  const command = group
    .command('comments')
    .description('the comments of a task, with replies')
    .argument('<task>');
  boardAction<{ json?: boolean }>(host, command, async (board, _flags, [ref = '']) => {
    const { task, events } = await board.get(ref);
    const tree = commentTree(events);
    const context = { id: task.short_id ?? task.id, status: task.status, title: task.title };
    const human =
      tree.length === 0 ? 'No comments yet.' : tree.flatMap((each) => commentLines(each, '')).join('\n');
    return { data: tree, extra: { task_context: context }, human };
  });
}

function commentLines(comment: Comment, indent: string): string[] {
  const reactions = Object.entries(comment.reactions).map(([emoji, actors]) => `:${emoji}: ${actors.length}`);
  const marks = [comment.edited ? 'edited' : '', comment.role ?? '', ...reactions].filter(
    (mark) => mark !== '',
  );
  const head = [comment.id, comment.created_at, actorName(comment.author), ...marks].join('  ');
  const body = comment.deleted ? '(deleted)' : comment.body;
  return [
    `${indent}${head}`,
    ...body.split('\n').map((line) => `${indent}  ${line}`),
    ...comment.replies.flatMap((reply) => commentLines(reply, `${indent}    `)),
  ];
}

/** The text that was given as an argument or in a file. @throws LatticeError `invalid_input` for both or neither. */
export async function textOf(
  host: BoardHost,
  text: string | undefined,
  file: string | undefined,
): Promise<string> {
  if ((text === undefined) === (file === undefined))
    throw new LatticeError('invalid_input', 'Give the text either as an argument or with --file.');
  if (file === undefined) return text ?? '';
  return readFile(resolve(host.cwd, file), 'utf8').catch((cause: unknown) => {
    throw new LatticeError('invalid_input', `${file} cannot be read.`, { cause });
  });
}
