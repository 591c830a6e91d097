import { Argument, type Command } from 'commander';
import type { BoardEntry } from '../../src-main/tracker/board-index.ts';
import type { LocalBoard } from '../../src-main/tracker/local-board.ts';
import { actorName } from '../../src-shared/tracker/actor.ts';
import { isScaffoldPlan } from '../../src-shared/tracker/plan-text.ts';
import { compactTask, type TaskSnapshot } from '../../src-shared/tracker/snapshot.ts';
import { resolveStatus } from '../../src-shared/tracker/workflow.ts';
import type { BoardHost } from '../board-host.ts';
import { authorOf, boardAction, checkedActor, type WriteFlags } from '../board-run.ts';
import { cut, table } from '../output.ts';
import { textOf } from './task-comment.ts';
import { addShow } from './task-show.ts';

interface ListFlags {
  status?: string;
  assigned?: string;
  tag?: string;
  type?: string;
  priority?: string;
  includeArchived?: boolean;
  compact?: boolean;
  json?: boolean;
  quiet?: boolean;
}

/** Adds the commands that look at tasks and choose the next one. */
export function addTaskReadCommands(group: Command, host: BoardHost): void {
  addList(group, host);
  addShow(group, host);
  addNext(group, host);
  addText(group, host, 'plan');
  addText(group, host, 'notes');
}

function addList(group: Command, host: BoardHost): void {
  const command = group
    .command('list')
    .description('the tasks of the board')
    .option('--status <status>', 'only in this status')
    .option('--assigned <actor>', 'only of this actor')
    .option('--tag <tag>', 'only with this tag')
    .option('--type <type>', 'only of this type')
    .option('--priority <priority>', 'only of this priority')
    .option('--include-archived', 'the archive too')
    .option('--compact', 'counts in place of lists')
    .option('--quiet', 'print only the ids');
  boardAction<ListFlags>(host, command, async (board, flags) => {
    const config = await board.config();
    const status =
      flags.status === undefined ? undefined : (resolveStatus(config, flags.status) ?? flags.status);
    const entries = (await board.list()).filter((entry) =>
      matches(entry, { ...flags, ...(status && { status }) }),
    );
    return {
      data: entries.map(({ task, archived }) => ({
        ...(flags.compact === true ? compactTask(task) : task),
        ...(archived && { archived }),
      })),
      human: entries.length === 0 ? 'No tasks. Make one with: lattice task create "…"' : listTable(entries),
      quiet: entries.map(({ id }) => id).join('\n'),
      warnings: [...board.broken().values()].map((error) => error.message),
    };
  });
}

function matches({ task, archived }: BoardEntry, flags: ListFlags): boolean {
  const owner = task.assigned_to === null ? 'unassigned' : actorName(task.assigned_to);
  return (
    (flags.includeArchived === true || !archived) &&
    (flags.status === undefined || task.status === flags.status) &&
    (flags.assigned === undefined || owner === flags.assigned) &&
    (flags.tag === undefined || (task.tags ?? []).includes(flags.tag)) &&
    (flags.type === undefined || task.type === flags.type) &&
    (flags.priority === undefined || task.priority === flags.priority)
  );
}

function listTable(entries: readonly BoardEntry[]): string {
  return table(
    ['ID', 'STATUS', 'PRIORITY', 'OWNER', 'TITLE'],
    entries.map(({ task, archived }) => [
      task.short_id ?? task.id,
      archived ? `${task.status} (archived)` : task.status,
      task.priority ?? '',
      task.assigned_to === null ? '' : actorName(task.assigned_to),
      cut(task.title, 80),
    ]),
  );
}

interface NextFlags extends WriteFlags {
  status?: string;
  claim?: boolean;
}

function addNext(group: Command, host: BoardHost): void {
  const command = group
    .command('next')
    .description('the task to work on next; with --claim it is yours')
    .option('--actor <actor>', 'who asks (or LATTICE_ACTOR)')
    .option('--name <session>', 'ask as a running session')
    .option('--status <a,b>', 'where to look, instead of where work waits')
    .option('--claim', 'take it: assign it and move it to where work goes on')
    .option('--quiet', 'print only the id');
  boardAction<NextFlags>(host, command, async (board, flags) => {
    const query =
      flags.status === undefined ? {} : { statuses: flags.status.split(',').map((each) => each.trim()) };
    const anonymous = flags.actor === undefined && flags.name === undefined && !host.env.LATTICE_ACTOR;
    if (flags.claim !== true) {
      const asker = anonymous ? {} : { actor: authorOf(host, board, flags).actor };
      return nextAnswer(board, await board.next({ ...query, ...asker }), 'is next');
    }
    const author = authorOf(host, board, flags);
    if (typeof author.actor === 'string') checkedActor(author.actor);
    const outcome = await board.claim(query, author);
    return { ...(await nextAnswer(board, outcome?.task, 'is yours')), warnings: outcome?.warnings ?? [] };
  });
}

async function nextAnswer(board: LocalBoard, task: TaskSnapshot | undefined, what: string) {
  if (task === undefined) return { data: null, human: 'Nothing to do: no task is ready.', quiet: '' };
  const { text } = await board.readText(task.id, 'plan');
  const plan = isScaffoldPlan(text, task.description) ? null : text;
  const human = `${task.short_id ?? task.id} ${what}: ${task.title}${plan === null ? '' : `\n\n${plan}`}`;
  return { data: { ...task, plan_content: plan }, human, quiet: task.id };
}

interface TextFlags {
  file?: string;
  write?: string;
  json?: boolean;
}

function addText(group: Command, host: BoardHost, kind: 'plan' | 'notes'): void {
  const command = group
    .command(kind)
    .description(`show the ${kind} of a task, or write it with "${kind} <task> write"`)
    .argument('<task>')
    .addArgument(new Argument('[action]').choices(['write']))
    .argument('[text]')
    .option('--file <path>', 'take the text from a file');
  boardAction<TextFlags>(host, command, async (board, flags, [ref = '', action, text]) => {
    if (action === 'write') await board.writeText(ref, kind, await textOf(host, text, flags.file));
    const { task, archived } = await board.get(ref);
    const found = await board.readText(ref, kind);
    const path = `${archived ? 'archive/' : ''}${kind === 'plan' ? 'plans' : 'notes'}/${task.id}.md`;
    const human =
      action === 'write' ? `${path} written` : found.exists ? found.text : `There is no ${path} yet.`;
    return { data: { content: found.exists ? found.text : null, path, task_id: task.id }, human };
  });
}
