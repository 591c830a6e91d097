import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commentTree } from './comments.ts';
import { readConfig } from './config.ts';
import { type GoldenCommand, goldenBoard } from './golden-board.ts';
import { relationGraph } from './graph.ts';
import { chooseNext } from './next-task.ts';
import { planArchive } from './operations/archive.ts';
import { planAssign } from './operations/assign.ts';
import { planAttach } from './operations/attach.ts';
import { planComment } from './operations/comment.ts';
import { planComplete } from './operations/complete.ts';
import { planCreate } from './operations/create.ts';
import { planCustomEvent } from './operations/custom-event.ts';
import { planBranchLink, planLink, planUnlink } from './operations/link.ts';
import { type OperationContext, type Plan, stateAfter, type TaskState } from './operations/operation.ts';
import { planStatus } from './operations/status.ts';
import { planUpdate } from './operations/update.ts';
import { serialiseDocument, serialiseLine } from './serialise.ts';
import { compactTask } from './snapshot.ts';
import { boardStats } from './stats.ts';

const ROOT = join(import.meta.dirname, '../../../shared/golden/tracker/board-a');

const golden = goldenBoard({
  read: (path) => readFileSync(join(ROOT, path), 'utf8'),
  list: (path) => readdirSync(join(ROOT, path)),
});

/** Flags that stand alone; all others have a value. */
const SWITCHES = ['--json', '--force', '--compact', '--full', '--include-archived'];

function parse(args: readonly string[]) {
  const words: string[] = [];
  const flags = new Map<string, string>();
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (!arg.startsWith('--')) words.push(arg);
    else if (SWITCHES.includes(arg)) flags.set(arg, '');
    else {
      flags.set(arg, args[index + 1] ?? '');
      index += 1;
    }
  }
  return { words, flags };
}

/** Plays recorded commands through the planners, with the recorded ids and times. */
class Player {
  readonly states: TaskState[] = [];
  readonly #config = readConfig(golden.file('config.json'));
  readonly #recorded = golden.allLogs();

  /** The plan of a command that writes; undefined for one that reads. */
  plan({ args, stdout }: GoldenCommand): Plan | undefined {
    const { words, flags } = parse(args);
    const [verb = '', task = '', a = '', b = ''] = words;
    const flag = (name: string) => flags.get(name);
    if (verb === 'create') return this.#create(task, flag, stdout);
    const state = this.find(task);
    if (state === undefined) return undefined;
    const context = this.#context(state.task.id, state.events.length, flag);
    switch (verb) {
      case 'status': {
        const force = flags.has('--force');
        const plan = force ? null : '# Only a heading\n';
        return planStatus(state, { status: a, plan, force }, context);
      }
      case 'update': {
        const fields = words.slice(2).map((each) => each.split('=', 2));
        return planUpdate(state, { fields: Object.fromEntries(fields) }, context);
      }
      case 'assign':
        return planAssign(state, { to: a }, context);
      case 'comment':
        return planComment(state, { body: a }, context);
      case 'link':
      case 'unlink': {
        const note = flag('--note');
        const input = { type: a, targetId: this.find(b)?.task.id ?? '', ...(note ? { note } : {}) };
        const graph = relationGraph(this.states.map((each) => each.task));
        return verb === 'link'
          ? planLink(state, { ...input, graph }, context)
          : planUnlink(state, input, context);
      }
      case 'branch-link':
        return planBranchLink(state, { branch: a, repo: flag('--repo') ?? '' }, context);
      case 'attach':
        return planAttach(
          state,
          { source: { kind: 'url', url: a }, title: flag('--title') ?? '', type: flag('--type') ?? '' },
          context,
        );
      case 'event':
        return planCustomEvent(state, { type: a, data: JSON.parse(flag('--data') ?? '') }, context);
      case 'complete':
        return planComplete(state, { review: flag('--review') ?? '' }, context);
      case 'archive':
        return planArchive(state, context);
      default:
        return undefined;
    }
  }

  apply(plan: Plan): void {
    if (!plan.ok) return;
    const before = this.find(plan.task.id);
    if (before === undefined) this.states.push({ task: plan.task, archived: false, events: plan.events });
    else this.states[this.states.indexOf(before)] = stateAfter(before, plan);
  }

  find(label: string): TaskState | undefined {
    return this.states.find(({ task }) => task.id === label || task.short_id === label);
  }

  #create(title: string, flag: (name: string) => string | undefined, stdout: string): Plan {
    const printed = JSON.parse(stdout).data?.id as string | undefined;
    const id = flag('--id') ?? printed ?? '';
    const tags = flag('--tags')?.split(',');
    const optional = (name: string, value: string | undefined) =>
      value === undefined ? {} : { [name]: value };
    return planCreate(
      this.find(id),
      {
        title,
        id,
        shortId: `LAT-${this.states.length + 1}`,
        ...optional('type', flag('--type')),
        ...optional('priority', flag('--priority')),
        ...optional('urgency', flag('--urgency')),
        ...optional('complexity', flag('--complexity')),
        ...optional('description', flag('--description')),
        ...optional('assignedTo', flag('--assigned-to')),
        ...(tags === undefined ? {} : { tags }),
      },
      this.#context(id, 0, flag),
    );
  }

  #context(taskId: string, at: number, flag: (name: string) => string | undefined): OperationContext {
    const log = this.#recorded.find((each) => each.events[0]?.task_id === taskId)?.events ?? [];
    const ids = log.slice(at);
    const artifact = ids.find((event) => event.type === 'artifact_attached')?.data.artifact_id;
    const reason = flag('--reason');
    return {
      actor: flag('--actor') ?? '',
      now: new Date(ids[0]?.ts ?? 0),
      newId: (kind) => (kind === 'art' ? String(artifact) : (ids.shift()?.id ?? 'ev_none')),
      config: this.#config,
      ...(reason === undefined ? {} : { provenance: { reason } }),
    };
  }
}

describe.runIf(existsSync(ROOT))('the commands that made a recorded board', () => {
  function playAll() {
    const player = new Player();
    const plans = golden.commands().map((command) => {
      const plan = player.plan(command);
      if (plan !== undefined) player.apply(plan);
      return { command, plan };
    });
    return { player, plans };
  }

  it('write the same logs to the byte', () => {
    const { player } = playAll();
    const logs = golden.allLogs();
    expect(player.states).toHaveLength(logs.length);
    for (const log of logs) {
      const state = player.find(log.events[0]?.task_id ?? '');
      expect(state?.events.map(serialiseLine).join('')).toBe(log.text);
    }
  });

  it('are refused with the same codes and messages', () => {
    const refused = playAll().plans.filter(({ command, plan }) => plan !== undefined && command.exit !== 0);
    expect(refused).toHaveLength(5);
    for (const { command, plan } of refused) {
      if (plan === undefined || plan.ok) throw new Error(`${command.args.join(' ')} was not refused`);
      const { code, message, details = {} } = plan;
      expect({ code, message, ...details }).toEqual(JSON.parse(command.stdout).error);
    }
  });

  it('write the same plan, artifacts and payload', () => {
    const files = playAll().plans.flatMap(({ plan }) => (plan?.ok ? plan.files : []));
    for (const file of files) {
      if (file.kind === 'artifact_meta') {
        expect(serialiseDocument(file.meta)).toBe(golden.file('artifacts', 'meta', `${file.meta.id}.json`));
      }
      if (file.kind === 'artifact_payload') {
        expect(file.text).toBe(golden.file('artifacts', 'payload', file.file));
      }
    }
    const hotfix = 'task_01M7XYMCNPZJ7QTDJV98CME3V4';
    const texts = playAll().plans.flatMap(({ plan }) =>
      plan?.ok && plan.task.id === hotfix
        ? plan.files.flatMap((each) => ('how' in each ? each.text : []))
        : [],
    );
    expect(texts.join('')).toBe(golden.file('plans', `${hotfix}.md`));
    expect(files.map((each) => each.kind)).toEqual([
      ...Array.from({ length: 5 }, () => 'plan'),
      'artifact_meta',
      'artifact_payload',
      'artifact_meta',
      'plan',
    ]);
  });

  it('read the same comments, lists, next task and statistics', () => {
    const { player } = playAll();
    const printed = (...args: string[]) => {
      const found = golden.commands().find((each) => args.every((arg, index) => each.args[index] === arg));
      return JSON.parse(found?.stdout ?? '').data;
    };
    const active = player.states.filter((state) => !state.archived);
    const byId = [...active].sort((x, y) => (x.task.id < y.task.id ? -1 : 1));
    expect(commentTree(player.find('LAT-1')?.events ?? [])).toEqual(printed('comments', 'LAT-1'));
    expect(byId.map((state) => compactTask(state.task))).toEqual(printed('list', '--compact'));
    const config = readConfig(golden.file('config.json'));
    const tasks = active.map((state) => state.task);
    const graph = relationGraph(player.states.map((state) => state.task));
    const { candidates } = chooseNext({ tasks, graph, config, actor: 'human:ann' });
    expect({ ...candidates[0], plan_content: null }).toEqual(printed('next'));
    const stats = boardStats(player.states, config, new Date('2026-11-21T02:23:40Z'));
    expect(stats).toEqual(printed('stats'));
  });
});
