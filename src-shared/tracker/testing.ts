import { type BoardConfig, defaultConfig } from './config.ts';
import { readTaskEvent, type TaskEvent } from './event.ts';
import { parseJson } from './json.ts';
import { planCreate } from './operations/create.ts';
import {
  type OperationContext,
  type Plan,
  type Planned,
  type TaskState,
  taskState,
} from './operations/operation.ts';
import { serialiseLine } from './serialise.ts';

export const T0 = Date.UTC(2026, 10, 21, 8, 0, 0);

/** The default board of the tests, with a project code. */
export const CONFIG: BoardConfig = defaultConfig({
  instanceId: 'inst_00000000000000000000000000',
  defaultActor: 'human:ann',
  projectCode: 'LAT',
});

/** Contexts whose ids count up and whose clock goes on by a second with each use. */
export function testContexts(config: BoardConfig = CONFIG) {
  let ids = 0;
  let seconds = 0;
  return (actor: OperationContext['actor'] = 'human:ann', more: Partial<OperationContext> = {}) => {
    seconds += 1;
    return {
      actor,
      now: new Date(T0 + seconds * 1_000),
      newId: (kind: string) => {
        ids += 1;
        return `${kind}_${String(ids).padStart(26, '0')}`;
      },
      config,
      ...more,
    };
  };
}

/** The plan, or a failed test that says why it was refused. */
export function accepted(plan: Plan): Planned {
  if (!plan.ok) throw new Error(`${plan.code}: ${plan.message}`);
  return plan;
}

/** The code of a refusal, or a failed test. */
export function refusalCode(plan: { readonly ok: boolean; readonly code?: string }): string {
  if (plan.ok || plan.code === undefined) throw new Error('The plan was not refused.');
  return plan.code;
}

/** The state of a task after a plan, replayed from the text of its log. */
export function written(before: readonly TaskEvent[], plan: Plan): TaskState {
  const state = taskState(readLog([...before, ...accepted(plan).events].map(serialiseLine).join('')));
  if (state === undefined) throw new Error('The log creates no task.');
  return state;
}

/** The events of a log. */
export function readLog(text: string): TaskEvent[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const reading = readTaskEvent(parseJson(line));
      if (!reading.ok) throw new Error(reading.problem);
      return reading.event;
    });
}

/** A new task as it is after its creation. */
export function newTask(
  context: OperationContext,
  input: Partial<Parameters<typeof planCreate>[1]> = {},
): TaskState {
  return written([], planCreate(undefined, { title: 'A task', ...input }, context));
}
