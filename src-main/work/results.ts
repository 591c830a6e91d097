import { createHash } from 'node:crypto';
import type { NatsConnection } from '@nats-io/nats-core';
import { type ObjectStore, Objm } from '@nats-io/obj';
import { LatticeError } from '../../src-shared/errors.ts';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';
import type { ResultRef, WorkRecord } from '../../src-shared/protocol/work.ts';

/** Room in a message for everything but the result, in bytes. */
const MARGIN = 65_536;
const PUT_PATIENCE_MS = 600_000;
const RETRY_MS = 500;

/** Where results lie: in the record when they fit into one message, else in an object store. */
export class Results {
  readonly #nc: NatsConnection;
  readonly #names: LatticeNames;
  #store: Promise<ObjectStore> | undefined;

  constructor(options: { nc: NatsConnection; names: LatticeNames }) {
    this.#nc = options.nc;
    this.#names = options.names;
  }

  /** What a `completed` change says about a result; stores it first when it is large. */
  async keep(
    record: WorkRecord,
    result: string,
    signal?: AbortSignal,
  ): Promise<{ result: string } | { result_ref: ResultRef }> {
    const limit = (this.#nc.info?.max_payload ?? 1024 ** 2) - MARGIN;
    const rest = record.task.length + JSON.stringify(record.context).length;
    if ((result.length + rest) * 6 < limit) return { result };
    const bytes = Buffer.byteLength(JSON.stringify(result));
    if (bytes + Buffer.byteLength(JSON.stringify(record)) < limit) return { result };
    const object = `${record.work_id}.${record.attempt}`;
    const data = new TextEncoder().encode(result);
    await this.#put(object, data, signal);
    return { result_ref: { object, bytes: data.length, sha256: sha256Of(data) } };
  }

  /** A finished run is worth waiting for a hub that is away. */
  async #put(name: string, data: Uint8Array, signal?: AbortSignal): Promise<void> {
    const deadline = performance.now() + PUT_PATIENCE_MS;
    for (;;) {
      try {
        await (await this.#open()).putBlob({ name }, data);
        return;
      } catch (error) {
        if (signal?.aborted || this.#nc.isClosed() || performance.now() > deadline) throw error;
        await new Promise((next) => setTimeout(next, RETRY_MS));
      }
    }
  }

  /**
   * The result of a work, wherever it lies; undefined while there is none.
   * @throws LatticeError `not_found`, and `unsafe` when the store holds something else than what the work ended with.
   */
  async read(record: WorkRecord): Promise<string | undefined> {
    if (!record.result_ref) return record.result;
    const data = await (await this.#open()).getBlob(record.result_ref.object);
    if (!data)
      throw new LatticeError(
        'not_found',
        `The result of work ${record.work_id} is not in the store any more.`,
        {
          hint: 'Results are kept as long as the log. Run the work again if you need it.',
        },
      );
    const { sha256, bytes } = record.result_ref;
    if (data.length !== bytes || (sha256 !== undefined && sha256Of(data) !== sha256))
      throw new LatticeError(
        'unsafe',
        `The result of work ${record.work_id} in the store is not the one that it ended with.`,
        { hint: 'Somebody replaced it. Run the work again, and look under Devices who may offer agents.' },
      );
    return new TextDecoder().decode(data);
  }

  #open(): Promise<ObjectStore> {
    this.#store ??= new Objm(this.#nc).create(this.#names.resultsBucket).catch((error: unknown) => {
      this.#store = undefined;
      throw error;
    });
    return this.#store;
  }
}

function sha256Of(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
