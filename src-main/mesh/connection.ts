import { type NatsConnection, PermissionViolationError, type Status } from '@nats-io/nats-core';
import { connect, type NodeConnectionOptions } from '@nats-io/transport-node';
import { Emitter } from '../../src-shared/emitter.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { LiveValue } from '../../src-shared/live.ts';
import type { NatsAuth, NatsTls } from '../../src-shared/protocol/auth.ts';
import { token } from '../../src-shared/protocol/token.ts';
import type { ConnectionView } from '../../src-shared/views/node.ts';
import type { SigningKey } from '../signing/signing-key.ts';
import { connectionError, isAuthRefusal, ofAll } from './connection-errors.ts';
import { type Credentials, resolveCredentials } from './credentials.ts';
import { eachServer, parseServerUrl, type ServerAddress } from './server-url.ts';
import { type TlsOptions, tlsOptions, tlsRefusal } from './tls.ts';

export interface MeshConnectionOptions {
  url: string;
  auth?: NatsAuth;
  tls?: NatsTls;
  /** Who connects: a station under its id, or a command under an id of its own. */
  kind: 'station' | 'command';
  id: string;
  /** The station whose key a command uses; its answers come to an inbox of that station, the only one its key may read. */
  owner?: string | undefined;
  /** Where the answers of this user have to come to, when the server allows no other inbox. */
  inboxPrefix?: string | undefined;
  /** How long one attempt may take, in milliseconds. */
  timeoutMs?: number;
  /** Keeps trying when nothing answers yet, for a member that starts before its hub; a refused secret still ends it. */
  waitForHub?: boolean;
  /** The pause between two attempts grows from `minMs` to `maxMs`, with jitter. */
  backoff?: { minMs: number; maxMs: number };
  /** Milliseconds between two measurements of the round trip. */
  rttEveryMs?: number;
}

const PING_EVERY_MS = 10_000;
const CLOSE_WITHIN_MS = 2_000;

/** The one connection of a process to its lattice: opens, reconnects for ever, and shows its state as facts. */
export class MeshConnection implements AsyncDisposable {
  readonly view: LiveValue<ConnectionView>;
  /** The connection to the hub was lost; the client already tries again. */
  readonly lost = new Emitter<void>();
  /** Back after `lost`; subscriptions are in place again, everything in flight may be gone. */
  readonly restored = new Emitter<void>();
  /** What the server refused on a living connection, for example a subject without permission. */
  readonly refused = new Emitter<LatticeError>();
  readonly inboxPrefix: string;
  /** The station or the command that answers to calls are for. */
  readonly owner: string;

  readonly #options: MeshConnectionOptions;
  readonly #address: ServerAddress;
  readonly #timeoutMs: number;
  readonly #backoff: { minMs: number; maxMs: number };
  readonly #stop = new AbortController();
  #nc: NatsConnection | undefined;
  #credentials: Credentials | undefined;
  #pauseMs = 0;
  #rttTimer: NodeJS.Timeout | undefined;

  /** @throws LatticeError `invalid_input` when the address or the id cannot be used. */
  constructor(options: MeshConnectionOptions) {
    this.#options = options;
    this.#address = parseServerUrl(options.url);
    this.#timeoutMs = options.timeoutMs ?? 5_000;
    this.#backoff = options.backoff ?? { minMs: 250, maxMs: 5_000 };
    const id = token(options.id, 'Id');
    this.owner = options.owner === undefined ? id : token(options.owner, 'Id');
    const { inboxPrefix } = options;
    const inbox = inboxPrefix === undefined ? `_INBOX_${this.owner}` : `${inboxPrefix}.${this.owner}`;
    this.inboxPrefix = this.owner === id ? inbox : `${inbox}.${id}`;
    this.view = new LiveValue<ConnectionView>({
      state: 'disconnected',
      url: this.#address.shown,
      since: new Date().toISOString(),
      attempt: 0,
    });
  }

  /** The client; @throws LatticeError `not_connected` before `open` and after the end. */
  get nc(): NatsConnection {
    if (this.#nc && !this.#nc.isClosed()) return this.#nc;
    const { error } = this.view.value;
    if (error) throw LatticeError.fromShape(error);
    throw new LatticeError('not_connected', `Not connected to ${this.#address.shown}.`);
  }

  get connected(): boolean {
    return this.view.value.state === 'connected';
  }

  /** What signs our messages; absent before `open`, and for who connects without an NKey. */
  get signingKey(): SigningKey | undefined {
    return this.#credentials?.key;
  }

  /** How this connection proves who it is. */
  get way(): Credentials['way'] {
    return this.#credentials?.way ?? 'none';
  }

  /** The name of this connection in the hub's list. */
  get name(): string {
    return `${this.#options.kind === 'station' ? 'station' : 'lattice-cli'}-${this.#options.id}`;
  }

  /**
   * Connects, once, or until the hub is there with `waitForHub`.
   * @throws LatticeError `auth_failed`, `unsafe`, `not_connected`, `io_failed`, or `cancelled` by `signal`.
   */
  async open(signal?: AbortSignal): Promise<void> {
    if (this.#nc) throw new LatticeError('internal', 'This connection was opened before.');
    const ended = signal ? AbortSignal.any([signal, this.#stop.signal]) : this.#stop.signal;
    this.#show({ state: 'connecting', attempt: 1 });
    try {
      this.#credentials = await resolveCredentials({ ...this.#address.auth, ...this.#options.auth });
      const tls = await tlsOptions(this.#address, this.#options.tls ?? {});
      for (let attempt = 1; !this.#nc; attempt++) {
        ended.throwIfAborted();
        try {
          this.#adopt(await this.#dial(this.#credentials, tls), ended);
        } catch (thrown) {
          const error = LatticeError.from(thrown);
          if (!this.#options.waitForHub || error.code !== 'not_connected') throw error;
          this.#show({ state: 'connecting', attempt: attempt + 1, error: error.toShape() });
          await pause(this.#nextPause(attempt), ended);
        }
      }
    } catch (thrown) {
      const error = ended.aborted
        ? new LatticeError('cancelled', `Connecting to ${this.#address.shown} was cancelled.`)
        : LatticeError.from(thrown);
      this.#show({ state: ended.aborted ? 'disconnected' : 'failed', error: error.toShape() });
      throw error;
    }
  }

  /** Dials each server of the list once, in its order; the first that lets us in is it, and the others are for later. */
  async #dial(credentials: Credentials, tls: TlsOptions | undefined): Promise<NatsConnection> {
    const refusals: LatticeError[] = [];
    for (const server of eachServer(this.#address)) {
      if (this.#stop.signal.aborted) break;
      try {
        const nc = await connect(this.#clientOptions(server, credentials, tls));
        if (this.#address.servers.length > 1) nc.setServers(this.#address.servers);
        return nc;
      } catch (thrown) {
        refusals.push(await this.#explain(thrown, server, credentials, tls));
      }
    }
    throw ofAll(refusals, this.#address);
  }

  #clientOptions(server: ServerAddress, credentials: Credentials, tls: TlsOptions | undefined) {
    const options: NodeConnectionOptions = {
      servers: server.servers,
      name: this.name,
      inboxPrefix: this.inboxPrefix,
      timeout: this.#timeoutMs,
      pingInterval: PING_EVERY_MS,
      maxPingOut: 2,
      maxReconnectAttempts: -1,
      reconnectDelayHandler: () => this.#pauseMs,
      noAsyncTraces: true,
      // Node tries every address of a host in one attempt; the client library would hide a refused secret behind the next one.
      resolve: false,
      ...(credentials.authenticator ? { authenticator: credentials.authenticator } : {}),
      ...(tls ? { tls } : {}),
    };
    return options;
  }

  async #explain(
    thrown: unknown,
    server: ServerAddress,
    credentials: Credentials,
    tls: TlsOptions | undefined,
  ): Promise<LatticeError> {
    const first = connectionError(thrown, server, credentials, this.#timeoutMs);
    if (!tls || first.code !== 'not_connected') return first;
    const refusal = await tlsRefusal(server, tls, Math.min(this.#timeoutMs, 2_000));
    if (!refusal) return first;
    const second = connectionError(refusal, server, credentials, this.#timeoutMs);
    return second.code === 'not_connected' ? first : second;
  }

  #adopt(nc: NatsConnection, ended: AbortSignal): void {
    if (ended.aborted) {
      void nc.close();
      ended.throwIfAborted();
    }
    this.#nc = nc;
    this.#show({ state: 'connected', attempt: 0 });
    void this.#follow(nc.status());
    void nc.closed().then((error) => this.#closed(error ?? undefined));
    this.#rttTimer = setInterval(() => void this.#measure(), this.#options.rttEveryMs ?? 5_000);
    this.#rttTimer.unref();
    void this.#measure();
  }

  async #follow(statuses: AsyncIterable<Status>): Promise<void> {
    for await (const status of statuses) {
      if (this.#stop.signal.aborted) continue;
      if (status.type === 'disconnect' && this.connected) {
        this.#pauseMs = 0;
        this.#show({ state: 'reconnecting', attempt: 0 });
        this.lost.emit();
      } else if (status.type === 'reconnecting' && this.view.value.state === 'reconnecting') {
        const attempt = this.view.value.attempt + 1;
        this.#pauseMs = this.#nextPause(attempt);
        this.view.set({ ...this.view.value, attempt });
      } else if (status.type === 'reconnect') {
        this.#show({ state: 'connected', attempt: 0 });
        void this.#measure();
        this.restored.emit();
      } else if (status.type === 'error') {
        this.#serverError(status.error);
      }
    }
  }

  #serverError(error: Error): void {
    if (isAuthRefusal(error) && this.#credentials) {
      const shape = connectionError(error, this.#address, this.#credentials, this.#timeoutMs).toShape();
      this.view.set({ ...this.view.value, error: shape });
    } else if (error instanceof PermissionViolationError) {
      const verb = error.operation === 'publish' ? 'publish to' : 'subscribe to';
      this.refused.emit(
        new LatticeError('auth_failed', `The hub does not allow this user to ${verb} ${error.subject}.`, {
          hint: 'Ask the host for another role, or widen the permissions of the user on the hub.',
          details: { operation: error.operation, subject: error.subject },
          cause: error,
        }),
      );
    }
  }

  #closed(error: Error | undefined): void {
    clearInterval(this.#rttTimer);
    if (this.#stop.signal.aborted || !this.#credentials) return;
    const wasConnected = this.connected;
    const shape = connectionError(
      error ?? new Error('the connection ended'),
      this.#address,
      this.#credentials,
      this.#timeoutMs,
    ).toShape();
    this.#show({ state: 'failed', error: shape });
    if (wasConnected) this.lost.emit();
  }

  async #measure(): Promise<void> {
    if (!this.connected || !this.#nc) return;
    try {
      // The client's own measurement knows whole milliseconds only, which is nothing within a machine.
      const from = performance.now();
      await this.#nc.flush();
      const rtt = Math.round((performance.now() - from) * 100) / 100;
      if (this.connected) this.view.set({ ...this.view.value, rtt_ms: rtt });
    } catch {
      // The connection went away while it was measured; the status tells.
    }
  }

  #nextPause(attempt: number): number {
    const { minMs, maxMs } = this.#backoff;
    return Math.min(maxMs, minMs * 2 ** Math.min(attempt - 1, 20)) * (0.5 + Math.random() / 2);
  }

  #show(change: Pick<ConnectionView, 'state'> & Partial<ConnectionView>): void {
    const { state, since, url } = this.view.value;
    const version = this.#nc?.info?.version;
    this.view.set({
      url,
      attempt: 0,
      ...change,
      since: change.state === state ? since : new Date().toISOString(),
      ...(version && change.state !== 'failed' ? { server_version: version } : {}),
    });
  }

  /** Sends what is buffered, closes, and stops trying. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const wasConnected = this.connected;
    this.#stop.abort();
    clearInterval(this.#rttTimer);
    const nc = this.#nc;
    if (nc && !nc.isClosed()) {
      if (wasConnected) await Promise.race([nc.drain().catch(() => {}), pause(CLOSE_WITHIN_MS)]);
      await nc.close();
    }
    this.#show({ state: 'disconnected' });
  }
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    timer.unref();
    signal?.addEventListener('abort', done);
  });
}
