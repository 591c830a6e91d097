import { Disposables } from '../../src-shared/disposables.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import type { Refused, Signing } from '../signing/signing.ts';
import type { MeshConnection } from './connection.ts';
import { Invoker } from './invoker.ts';
import { MeshLog } from './mesh-log.ts';
import { Problems } from './problems.ts';
import { Registry } from './registry.ts';
import { RegistryStore, type StoredChange } from './registry-store.ts';
import { ReplyInbox } from './reply-inbox.ts';
import { DEFAULT_TIMING, type MeshTiming } from './timing.ts';

export interface ObserveOptions {
  /** Open already; it stays open when the mesh ends. */
  connection: MeshConnection;
  org: string;
  /** Who looks, for the records of the stations it calls. */
  callerId: string;
  /** Signs calls and checks those of others; nothing is signed without. */
  signing?: Signing | undefined;
  timing?: Partial<MeshTiming>;
}

const RESTORE_ATTEMPTS = 5;
const REFUSED = 'mesh.refused';
/** How long the last refused message is shown as a problem, in milliseconds. */
const SHOWN_MS = 600_000;

/** What a station and an observer have in common: records, registry, invoker, and getting over a lost connection. */
export class MeshBase implements AsyncDisposable {
  readonly log = new MeshLog();
  readonly problems = new Problems();
  readonly timing: MeshTiming;
  readonly store: RegistryStore;
  readonly registry: Registry;
  readonly inbox: ReplyInbox;
  readonly invoker: Invoker;
  onOwnRecordOffline: (() => void) | undefined;
  readonly #connection: MeshConnection;
  readonly #selfId: string | undefined;
  readonly #end = new Disposables();
  readonly #fetched = new Map<string, number>();
  #disposed = false;
  #restores = 0;
  #refusedTimer: NodeJS.Timeout | undefined;

  constructor(options: ObserveOptions, selfId?: string) {
    const { connection } = options;
    const names = namesOf(options.org);
    this.#connection = connection;
    this.#selfId = selfId;
    this.timing = { ...DEFAULT_TIMING, ...options.timing };
    const { log, problems, timing } = this;
    this.store = this.#end.use(new RegistryStore({ nc: () => connection.nc, names, problems, log }));
    this.registry = new Registry({ timing, log, ...(selfId ? { selfId } : {}) });
    this.inbox = this.#end.use(new ReplyInbox(connection.nc, names.reply(connection.owner)));
    this.invoker = this.#end.use(
      new Invoker({
        connection,
        names,
        registry: this.registry,
        inbox: this.inbox,
        caller: options.callerId,
        signing: options.signing,
        timing,
      }),
    );
    if (options.signing) this.#end.use(options.signing.refused.on((refused) => this.#tellRefused(refused)));
    this.#end.defer(() => clearTimeout(this.#refusedTimer));
  }

  /** Shows messages that did not count. */
  #tellRefused({ what, from, why }: Refused): void {
    const name = (from !== undefined && this.registry.manifest(from)?.station_name) || from;
    this.log.refuse(what, name, why);
    this.problems.raise({
      id: REFUSED,
      severity: 'warning',
      area: 'mesh',
      title: 'A message was refused',
      detail: `Refused ${what}${name === undefined ? '' : ` of ${name}`}: ${why}.`,
    });
    clearTimeout(this.#refusedTimer);
    this.#refusedTimer = setTimeout(() => this.problems.solve(REFUSED), SHOWN_MS);
    this.#refusedTimer.unref();
  }

  /** Loads the records, keeps them in step, and does it again after each lost connection. */
  async begin(onRestored: () => Promise<void>): Promise<void> {
    this.#end.use(this.registry.start());
    this.#end.use(this.#connection.lost.on(() => this.registry.setConnected(false)));
    this.#end.use(this.#connection.restored.on(() => void this.#restore(onRestored)));
    this.#end.use(
      this.#connection.refused.on((error) =>
        this.problems.raise({
          id: `mesh.permission.${error.message}`,
          severity: 'error',
          area: 'connection',
          title: 'The hub refuses something this node needs',
          detail: [error.message, error.hint].filter(Boolean).join(' '),
        }),
      ),
    );
    await this.#load();
  }

  /** Reads the record of a station that was heard but is not known; at most once per silence that makes one offline. */
  fetch(stationId: string): void {
    const now = performance.now();
    if (now - (this.#fetched.get(stationId) ?? Number.NEGATIVE_INFINITY) < this.timing.offlineAfterMs) return;
    if (this.#fetched.size > 10_000) this.#fetched.clear();
    this.#fetched.set(stationId, now);
    this.store.station(stationId).then(
      (manifest) => {
        if (manifest) this.registry.upsert(manifest);
        else this.log.refuse('heartbeat', stationId, 'it has no record');
      },
      () => this.#fetched.delete(stationId),
    );
  }

  async #restore(onRestored: () => Promise<void>): Promise<void> {
    const turn = ++this.#restores;
    this.invoker.resendPending();
    try {
      await this.#again(turn, async () => {
        await onRestored();
        await this.#load();
      });
      this.problems.solve('mesh.restore');
    } catch (thrown) {
      if (this.#disposed || turn !== this.#restores || !this.#connection.connected) return;
      const error = LatticeError.from(thrown);
      this.problems.raise({
        id: 'mesh.restore',
        severity: 'error',
        area: 'mesh',
        title: 'The registry could not be read again',
        detail: [error.message, error.hint].filter(Boolean).join(' '),
      });
    } finally {
      if (turn === this.#restores) this.registry.setConnected(this.#connection.connected);
    }
  }

  /** A hub that just started may drop a request or two. */
  async #again(turn: number, work: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await work();
        return;
      } catch (error) {
        if (attempt === RESTORE_ATTEMPTS || turn !== this.#restores || !this.#connection.connected)
          throw error;
      }
    }
  }

  async #load(): Promise<void> {
    this.registry.load(await this.store.follow((change) => this.#onChange(change)));
  }

  #onChange(change: StoredChange): void {
    if (change.kind === 'removed') {
      this.registry.remove(change.stationId);
      return;
    }
    this.registry.stored(change.manifest, change.ageMs);
    const { station_id, status } = change.manifest;
    if (station_id === this.#selfId && status === 'offline') this.onOwnRecordOffline?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    await this.#end[Symbol.asyncDispose]();
  }
}
