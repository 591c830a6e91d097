import { LatticeError } from '../../src-shared/errors.ts';
import type { BoardConfig } from '../../src-shared/tracker/config.ts';
import { type ResourceEvent, readResourceEvent } from '../../src-shared/tracker/event.ts';
import { isId } from '../../src-shared/tracker/ids.ts';
import type { OperationContext } from '../../src-shared/tracker/operations/operation.ts';
import {
  planAcquire,
  planHeartbeat,
  planRelease,
  planResourceCreate,
  type ResourceInput,
  type ResourcePlan,
} from '../../src-shared/tracker/operations/resource.ts';
import { replayResource } from '../../src-shared/tracker/resource-replay.ts';
import { serialiseDocument } from '../../src-shared/tracker/serialise.ts';
import type { ResourceSnapshot } from '../../src-shared/tracker/snapshot.ts';
import { refusalError } from '../../src-shared/tracker/verdict.ts';
import { readBoardFile, writeBoardFile } from './board-file.ts';
import { listNames } from './board-index.ts';
import type { BoardLocks } from './board-locks.ts';
import type { BoardPaths } from './board-paths.ts';
import { extendLog } from './extend-log.ts';
import { readLogText } from './log-text.ts';
import { quarantineTorn } from './quarantine.ts';

/** What one can do with a resource that exists. */
export type ResourceOperation =
  | { readonly op: 'acquire'; readonly taskId?: string; readonly force?: boolean }
  | { readonly op: 'release' | 'heartbeat' };

/** The things of a board that only so many can hold at once, each with a lease that runs out. */
export class BoardResources {
  readonly #paths: BoardPaths;
  readonly #locks: BoardLocks;

  constructor(options: { paths: BoardPaths; locks: BoardLocks }) {
    this.#paths = options.paths;
    this.#locks = options.locks;
  }

  /** Every resource by the replay of its log, in the order of their names. */
  list(): ResourceSnapshot[] {
    return listNames(this.#paths.events())
      .filter((name) => name.startsWith('res_') && name.endsWith('.jsonl'))
      .flatMap((name) => this.#read(name.slice(0, -'.jsonl'.length))?.resource ?? [])
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws LatticeError `not_found`. */
  get(name: string): ResourceSnapshot {
    const found = this.#find(name);
    if (!found)
      throw new LatticeError('not_found', `Resource '${name.slice(0, 80)}' not found.`, {
        hint: 'lattice board resource list shows what there is.',
        details: { board_code: 'NOT_FOUND' },
      });
    return found;
  }

  #find(name: string): ResourceSnapshot | undefined {
    return this.list().find((resource) => resource.name === name);
  }

  /** Makes a resource. @throws LatticeError of the refusal. */
  async create(input: ResourceInput, context: OperationContext): Promise<ResourceSnapshot> {
    // Its lock file has the name, so the name is checked before.
    const check = planResourceCreate(undefined, input, context);
    if (!check.ok) throw refusalError(check);
    const id = check.resource.id;
    return this.#locks.with([`resources_${input.name}`, `events_${id}`], () =>
      this.#write(planResourceCreate(this.#find(input.name), { ...input, id }, context)),
    );
  }

  /** Changes a lease; a resource that only the config names is made on the way. @throws LatticeError of the refusal. */
  async apply(
    name: string,
    operation: ResourceOperation,
    context: OperationContext,
  ): Promise<ResourceSnapshot> {
    const known = this.#find(name) ?? (await this.#makeConfigured(name, operation, context));
    return this.#locks.with([`resources_${name}`, `events_${known.id}`], () => {
      const resource = this.#read(known.id)?.resource ?? known;
      return this.#write(planResource(resource, operation, context));
    });
  }

  /** Writes every snapshot anew from its log; answers with the names. */
  async rebuild(): Promise<string[]> {
    const resources = this.list();
    for (const { id, name } of resources) {
      await this.#locks.with([`resources_${name}`, `events_${id}`], async () => {
        const resource = this.#read(id)?.resource;
        if (resource) await writeBoardFile(this.#paths.resourceSnapshot(name), serialiseDocument(resource));
      });
    }
    return resources.map(({ name }) => name);
  }

  async #makeConfigured(
    name: string,
    operation: ResourceOperation,
    context: OperationContext,
  ): Promise<ResourceSnapshot> {
    const configured = configuredResource(context.config, name);
    if (operation.op !== 'acquire' || configured === undefined) return this.get(name);
    return this.create(configured, context).catch((error) => this.#find(name) ?? Promise.reject(error));
  }

  async #write(plan: ResourcePlan): Promise<ResourceSnapshot> {
    if (!plan.ok) throw refusalError(plan);
    const { resource, events } = plan;
    if (events.length > 0) await this.#addToLog(resource.id, events);
    await writeBoardFile(this.#paths.resourceSnapshot(resource.name), serialiseDocument(resource));
    return resource;
  }

  async #addToLog(id: string, events: readonly ResourceEvent[]): Promise<void> {
    const path = this.#paths.resourceLog(id);
    const bytes = readBoardFile(path) ?? new Uint8Array();
    await quarantineTorn(this.#paths.quarantine, path, readLogText(bytes));
    await extendLog(path, events);
  }

  #read(id: string) {
    const valid: boolean = isId(id, 'res');
    const bytes = valid ? readBoardFile(this.#paths.resourceLog(id)) : undefined;
    if (bytes === undefined) return undefined;
    const events = readLogText(bytes).lines.flatMap(({ value }) => {
      const reading = readResourceEvent(value);
      return reading.ok && reading.event.resource_id === id ? [reading.event] : [];
    });
    return replayResource(events);
  }
}

function planResource(
  resource: ResourceSnapshot,
  operation: ResourceOperation,
  context: OperationContext,
): ResourcePlan {
  switch (operation.op) {
    case 'acquire':
      return planAcquire(resource, operation, context);
    case 'release':
      return planRelease(resource, context);
    case 'heartbeat':
      return planHeartbeat(resource, context);
    default:
      return operation satisfies never;
  }
}

function configuredResource(config: BoardConfig, name: string): ResourceInput | undefined {
  const table = config.resources ?? {};
  const entry = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!entry) return undefined;
  return {
    name,
    ...(entry.description == null ? {} : { description: entry.description }),
    ...(entry.max_holders === undefined ? {} : { maxHolders: entry.max_holders }),
    ...(entry.ttl_seconds === undefined ? {} : { ttlSeconds: entry.ttl_seconds }),
  };
}
