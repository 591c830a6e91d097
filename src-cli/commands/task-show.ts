import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { BoardTask } from '../../src-main/tracker/board-storage.ts';
import type { LocalBoard } from '../../src-main/tracker/local-board.ts';
import { actorName } from '../../src-shared/tracker/actor.ts';
import { commentTree } from '../../src-shared/tracker/comments.ts';
import { isBackwardMove } from '../../src-shared/tracker/effects.ts';
import type { TaskEvent } from '../../src-shared/tracker/event.ts';
import { relationGraph } from '../../src-shared/tracker/graph.ts';
import { compactTask } from '../../src-shared/tracker/snapshot.ts';
import { validTransitions } from '../../src-shared/tracker/workflow.ts';
import type { BoardHost } from '../board-host.ts';
import { boardAction } from '../board-run.ts';

interface ShowFlags {
  full?: boolean;
  compact?: boolean;
  json?: boolean;
}

/** Adds `show`. */
export function addShow(group: Command, host: BoardHost): void {
  const command = group
    .command('show')
    .description('one task with its relations, files and history')
    .argument('<task>')
    .option('--full', 'every event with its data')
    .option('--compact', 'only the fields of a list');
  boardAction<ShowFlags>(host, command, async (board, flags, [ref = '']) => {
    const found = await board.get(ref);
    const warnings = found.damage === undefined ? [] : [`${found.damage} Run lattice board doctor.`];
    if (flags.compact === true)
      return { data: compactTask(found.task), human: headline(found), quiet: found.task.id, warnings };
    const details = await detailsOf(board, found);
    const data = { ...found.task, ...details, ...(flags.full === true && { _full: true }) };
    return { data, human: page(found, details, flags.full === true), quiet: found.task.id, warnings };
  });
}

async function detailsOf(board: LocalBoard, { task, archived, events }: BoardTask) {
  const graph = relationGraph((await board.list()).map((entry) => entry.task));
  const title = (id: string) => graph.nodes.get(id)?.title ?? null;
  const reopened = lastReopening(events);
  const paths = (['plan', 'notes'] as const)
    .filter((kind) => existsSync(board.paths.text(kind, task.id, archived)))
    .map((kind): [string, string] => {
      const folder = kind === 'plan' ? 'plans' : 'notes';
      return [`${kind}_path`, `${archived ? 'archive/' : ''}${folder}/${task.id}.md`];
    });
  return {
    artifact_info: await Promise.all(
      task.evidence_refs
        .filter((ref) => ref.source_type === 'artifact')
        .map(async ({ id, role }) => {
          const meta = await board.artifact(id).catch(() => undefined);
          return { id, role, title: meta?.title ?? null, type: meta?.type ?? null };
        }),
    ),
    events,
    relationships_enriched: task.relationships_out.map((each) => ({
      ...each,
      target_title: title(each.target_task_id),
    })),
    relationships_in: (graph.incoming.get(task.id) ?? []).map(({ from, type, note }) => ({
      note,
      source_task_id: from,
      source_title: title(from),
      type,
    })),
    valid_transitions: validTransitions(await board.config(), task.status),
    ...Object.fromEntries(paths),
    ...(archived && { archived }),
    ...(reopened === undefined
      ? {}
      : {
          latest_reopen: reopened,
          reopened_warning: `Previously completed, reset on ${reopened.date} by ${reopened.actor}`,
        }),
  };
}

function lastReopening(events: readonly TaskEvent[]) {
  const event = events.findLast(
    ({ type, data }) => type === 'status_changed' && isBackwardMove(data.from, String(data.to)),
  );
  if (event === undefined) return undefined;
  const { from, to } = event.data;
  return { actor: actorName(event.actor), date: event.ts.slice(0, 10), from, to, ts: event.ts };
}

type Details = Awaited<ReturnType<typeof detailsOf>>;

function headline({ task, archived }: BoardTask): string {
  return `${task.short_id ?? task.id}  ${task.title}${archived ? '  (archived)' : ''}`;
}

function page(found: BoardTask, details: Details, full: boolean): string {
  const { task, events } = found;
  const fact = (name: string, value: string | null | undefined) =>
    value ? [`${name.padEnd(10)} ${value}`] : [];
  const comments = commentTree(events).filter((comment) => !comment.deleted);
  return [
    headline(found),
    ...fact('id', task.id),
    ...fact('status', `${task.status}  → ${details.valid_transitions.join(', ') || '(none)'}`),
    ...fact('type', task.type),
    ...fact('priority', task.priority),
    ...fact('urgency', task.urgency),
    ...fact('complexity', task.complexity),
    ...fact('owner', task.assigned_to === null ? null : actorName(task.assigned_to)),
    ...fact('tags', (task.tags ?? []).join(', ')),
    ...fact('created', `${task.created_at} by ${actorName(task.created_by)}`),
    ...details.relationships_enriched.flatMap((each) =>
      fact(each.type, `${each.target_task_id} ${each.target_title ?? '(not there)'}`),
    ),
    ...details.relationships_in.flatMap((each) =>
      fact('from', `${each.source_task_id} ${each.type} this: ${each.source_title ?? ''}`),
    ),
    ...details.artifact_info.flatMap((each) => fact('attached', `${each.id} ${each.title ?? '(not there)'}`)),
    ...(task.description === null ? [] : ['', task.description]),
    ...(comments.length === 0 ? [] : ['', 'Comments']),
    ...comments.map((comment) => `  ${actorName(comment.author)}: ${comment.body}`),
    '',
    'History',
    ...events.map(
      (event) =>
        `  ${event.ts}  ${actorName(event.actor)}  ${event.type}${full ? `  ${JSON.stringify(event.data)}` : ''}`,
    ),
  ].join('\n');
}
