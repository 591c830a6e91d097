import { createHash } from 'node:crypto';
import { LatticeError } from '../../src-shared/errors.ts';
import {
  isEnded,
  isHeld,
  openQuestion,
  type WorkOrderInput,
  type WorkRecord,
  workOrderSchema,
} from '../../src-shared/protocol/work.ts';
import { orderOf, type WorkChange } from '../../src-shared/protocol/work-change.ts';
import { newId, randomHex } from './ids.ts';
import type { Appended, Decide, WorkLog } from './log.ts';
import { type MeshFacts, placementOf } from './placement.ts';
import type { WorkQueue } from './queue.ts';
import type { Results } from './results.ts';
import type { LogEntry } from './state-chain.ts';
import type { WorkStates } from './states.ts';

/** Await reads the log again after this time, in milliseconds, in case its watch could not start. */
const REREAD_MS = 15_000;

export interface DispatcherOptions {
  log: WorkLog;
  states: WorkStates;
  queue: WorkQueue;
  results: Results;
  mesh: MeshFacts;
}

export interface AwaitOptions {
  signal?: AbortSignal;
  timeoutMs?: number;
}

/** Gives work to the lattice and acts on it, from any process and after any restart: all it knows is in the log. */
export class Dispatcher {
  readonly #options: DispatcherOptions;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /**
   * Assigns a work and queues it. With a dedupe key the second time gives the same work.
   * @throws LatticeError `invalid_input`, `too_large`, `not_connected`.
   */
  async assign(input: WorkOrderInput): Promise<{ id: string; created: boolean; record: WorkRecord }> {
    const { log, queue, mesh } = this.#options;
    const order = checkOrder(input);
    const workId = order.dedupe_key === undefined ? newId() : dedupeId(order.dedupe_key);
    const { agent, candidates, obstacle } = placementOf(mesh, order);
    const change: WorkChange = {
      type: 'assigned',
      work_id: workId,
      order: {
        ...order,
        ...(agent === undefined ? {} : { agent }),
        traceparent: traceparentFor(order.traceparent),
      },
      why: candidates,
      ...(obstacle === undefined ? {} : { unplaceable: obstacle }),
    };
    const decide: Decide = (record) => (record ? undefined : change);
    const appended = await log.append(workId, order.requested_by, decide, { known: 'none' });
    const entry = entryOf(appended, workId);
    // The first dispatcher may have died between its two steps; queueing twice is harmless.
    if (entry.record.status === 'assigned' && entry.record.attempt === 0) await this.#enqueue(queue, entry);
    return { id: workId, created: appended.kind === 'appended', record: entry.record };
  }

  /** A work as it stands. @throws LatticeError `not_found`. */
  async check(workId: string): Promise<WorkRecord> {
    const entry = await this.#options.log.read(workId);
    if (!entry) throw unknownWork(workId);
    return entry.record;
  }

  /** The result of a completed work, also a large one; undefined while there is none. */
  async result(workId: string): Promise<string | undefined> {
    return this.#options.results.read(await this.check(workId));
  }

  /**
   * Waits for the outcome of a work, which may be there already.
   * @throws LatticeError `timeout`, `cancelled` (the waiting, not the work), `not_found`.
   */
  async await(workId: string, options: AwaitOptions = {}): Promise<WorkRecord> {
    const { states, log } = this.#options;
    return new Promise<WorkRecord>((resolve, reject) => {
      const settle = (act: () => void) => {
        watching[Symbol.dispose]();
        clearInterval(interval);
        clearTimeout(timer);
        options.signal?.removeEventListener('abort', onAbort);
        act();
      };
      const take = (record: WorkRecord | undefined) => {
        if (record && isEnded(record.status)) settle(() => resolve(record));
      };
      const read = (isFirst: boolean) =>
        log.read(workId).then(
          (entry) => (entry || !isFirst ? take(entry?.record) : settle(() => reject(unknownWork(workId)))),
          (error: unknown) => {
            if (isFirst) settle(() => reject(LatticeError.from(error, 'not_connected')));
          },
        );
      const onAbort = () =>
        settle(() => reject(new LatticeError('cancelled', `Waiting for work ${workId} was stopped.`)));
      const watching = states.watch(workId, (entry) => take(entry.record));
      const interval = setInterval(() => void read(false), REREAD_MS);
      const timer =
        options.timeoutMs === undefined
          ? undefined
          : setTimeout(
              () =>
                settle(() =>
                  reject(
                    new LatticeError(
                      'timeout',
                      `Work ${workId} had not ended after ${options.timeoutMs} ms.`,
                      {
                        hint: 'It goes on. Await it again, or cancel it.',
                      },
                    ),
                  ),
                ),
              options.timeoutMs,
            );
      options.signal?.addEventListener('abort', onAbort);
      if (options.signal?.aborted) onAbort();
      else void read(true);
    });
  }

  /** Cancels: at once while nobody runs it, else the worker is told and confirms. Ended work stays as it is. */
  async cancel(workId: string, by: string, reason: string): Promise<WorkRecord> {
    return this.#change(workId, by, (record) => {
      if (isEnded(record.status) || record.cancel) return undefined;
      return isHeld(record)
        ? { type: 'cancel_requested', reason }
        : { type: 'cancelled', attempt: record.attempt, reason };
    });
  }

  /** Answers the open question of a work. @throws LatticeError `conflict` when there is none, or another one. */
  async answer(workId: string, by: string, answer: string, questionId?: string): Promise<WorkRecord> {
    return this.#change(workId, by, (record) => {
      const question = openQuestion(record);
      if (!question || (questionId !== undefined && question.id !== questionId))
        throw new LatticeError('conflict', `Work ${workId} has no such open question.`, {
          hint: 'It was answered already, or its attempt is over.',
        });
      return { type: 'answered', question_id: question.id, answer };
    });
  }

  /** Says that a person has seen an escalation, so that it does not come back. */
  async acknowledge(workId: string, by: string): Promise<WorkRecord> {
    return this.#change(workId, by, (record) =>
      record.escalation && !record.escalation.acknowledged ? { type: 'acknowledged' } : undefined,
    );
  }

  /**
   * Tries again: a stopped work goes back to the queue with new attempts, an ended one becomes a new work.
   * @throws LatticeError `conflict` while it is queued or runs.
   */
  async retry(workId: string, by: string): Promise<{ id: string; record: WorkRecord }> {
    const before = await this.check(workId);
    if (isEnded(before.status)) return this.rerun(workId, by, {});
    const record = await this.#change(workId, by, (now) => {
      if (now.status !== 'escalated' || isHeld(now))
        throw new LatticeError('conflict', `Work ${workId} is ${now.status}; there is nothing to retry.`, {
          hint: 'Wait for it, or cancel it first.',
        });
      return {
        type: 'requeued',
        attempt: now.attempt,
        reason: `${by} retried it`.slice(0, 500),
        delay_ms: 0,
        more_attempts: now.max_attempts,
      };
    });
    return { id: workId, record };
  }

  /** A new work like an older one, with edits; it points back to the older one. */
  async rerun(
    workId: string,
    by: string,
    edits: Partial<WorkOrderInput>,
  ): Promise<{ id: string; record: WorkRecord }> {
    const { dedupe_key: _, run_id, traceparent: __, ...order } = orderOf(await this.check(workId));
    const root = run_id === undefined || run_id === workId ? {} : { run_id };
    return this.assign({ ...order, ...root, ...edits, retry_of: workId, requested_by: by });
  }

  /** Appends a change that depends on how the work stands, and queues the work when it is back in the queue. */
  async #change(
    workId: string,
    by: string,
    decide: (record: WorkRecord) => WorkChange | undefined,
  ): Promise<WorkRecord> {
    const { log, queue } = this.#options;
    const appended = await log.append(workId, by, (record) => {
      if (!record) throw unknownWork(workId);
      return decide(record);
    });
    if (appended.kind === 'refused') throw new LatticeError('conflict', appended.refusal.message);
    const entry = entryOf(appended, workId);
    if (appended.kind === 'appended' && appended.event.change.type === 'requeued')
      await this.#enqueue(queue, entry);
    return entry.record;
  }

  /** The work is in the log already; when the queue does not take it now, the witness queues it again. */
  async #enqueue(queue: WorkQueue, entry: LogEntry): Promise<void> {
    await queue.enqueue(entry).catch(() => false);
  }
}

function checkOrder(input: WorkOrderInput) {
  const parsed = workOrderSchema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue?.path.join('.') || 'the order';
    throw new LatticeError('invalid_input', `This work cannot be assigned: ${where}: ${issue?.message}`);
  }
  if (parsed.data.agent === undefined && parsed.data.capability === undefined)
    throw new LatticeError('invalid_input', 'Say which agent or which capability the work is for.');
  return parsed.data;
}

function entryOf(appended: Appended, workId: string): LogEntry {
  if (appended.entry) return appended.entry;
  throw unknownWork(workId);
}

function unknownWork(workId: string): LatticeError {
  return new LatticeError('not_found', `The lattice knows no work ${workId}.`, {
    hint: 'See the list with: lattice work list',
  });
}

/** The same key gives the same id on every machine. */
function dedupeId(key: string): string {
  return `key-${createHash('sha256').update(key).digest('hex').slice(0, 40)}`;
}

/** A new trace, or a new span in the trace of the one who asks. */
function traceparentFor(parent: string | undefined): string {
  const trace = parent?.split('-')[1] ?? randomHex(16);
  return `00-${trace}-${randomHex(8)}-01`;
}
