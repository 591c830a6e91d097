import { LatticeError } from '../../src-shared/errors.ts';
import { type LiveLog, type LiveSource, LiveValue } from '../../src-shared/live.ts';
import type { HubLogLine, HubMetrics } from '../../src-shared/views/hub.ts';
import type { HubState, HubView } from '../../src-shared/views/node.ts';
import { HubLog } from './hub-log.ts';
import { checkOptions, type HubOptions, isLoopback, secretsOf, withAbsolutePaths } from './hub-options.ts';
import { HubSession, type Started } from './hub-session.ts';
import { defaultTiming, type HubTiming } from './hub-timing.ts';
import { hubView } from './hub-view.ts';
import { clientUrl, exitError, monitorUrl, type RunningHub } from './launcher.ts';
import { HubMonitor } from './monitor.ts';
import { isPortFree, portTaken } from './ports.ts';
import { RestartBudget } from './restart-budget.ts';

/** What can change while the hub runs; a new address restarts it, the rest is reloaded. */
export type HubChange = Partial<Pick<HubOptions, 'host' | 'port' | 'auth' | 'tls' | 'guests'>>;

/** A nats-server with JetStream that is kept running: started or adopted, watched, restarted, reconfigured, stopped. */
export class Hub implements AsyncDisposable {
  readonly view: LiveValue<HubView>;
  readonly log: LiveLog<HubLogLine>;
  readonly metrics: LiveSource<HubMetrics>;
  readonly #timing: HubTiming;
  readonly #hubLog: HubLog;
  readonly #monitor: HubMonitor;
  readonly #budget: RestartBudget;
  #options: HubOptions;
  #session: HubSession | undefined;
  #running: RunningHub | undefined;
  #notices: string[] = [];
  #restarts = 0;
  #restartTimer: NodeJS.Timeout | undefined;
  #abort = new AbortController();
  #queue: Promise<unknown> = Promise.resolve();
  #disposed = false;

  constructor(options: HubOptions) {
    this.#options = withAbsolutePaths(options);
    this.#timing = { ...defaultTiming, ...options.timing };
    this.#hubLog = new HubLog({
      file: this.#options.logFile,
      pollMs: this.#timing.logPoll,
      secrets: () => secretsOf(this.#options.auth),
    });
    this.log = this.#hubLog.lines;
    this.#monitor = new HubMonitor({
      url: () => this.#running && monitorUrl(this.#running.ports),
      intervalMs: this.#timing.metrics,
    });
    this.metrics = this.#monitor;
    this.#budget = new RestartBudget({
      firstMs: this.#timing.backoffFirst,
      maxMs: this.#timing.backoffMax,
      limit: this.#timing.exitLimit,
      windowMs: this.#timing.exitWindow,
      random: options.random ?? Math.random,
    });
    this.view = new LiveValue(
      hubView({ state: 'stopped', options: this.#options, restarts: 0, notices: [] }),
    );
  }

  /** Where our own station reaches the hub, without any secret; undefined while it does not run. */
  get url(): string | undefined {
    return this.#running && clientUrl(this.#options, this.#running.ports);
  }

  /**
   * Starts the hub, or adopts the one an earlier process of ours left running; resolves when it serves.
   * @throws LatticeError `invalid_input`, `unsafe`, `port_taken`, `conflict`, `io_failed`, `hub_failed`, `timeout` or `cancelled`.
   */
  start(signal?: AbortSignal): Promise<void> {
    return this.#serial(async () => {
      if (this.#disposed) throw new LatticeError('cancelled', 'The hub was closed.');
      if (this.#running) return;
      clearTimeout(this.#restartTimer);
      this.#budget.reset();
      this.#restarts = 0;
      this.#abort = new AbortController();
      this.#show('starting');
      try {
        checkOptions(this.#options);
        this.#session ??= await HubSession.open(this.#options, this.#timing, this.#hubLog);
        const signals = AbortSignal.any([this.#abort.signal, ...(signal ? [signal] : [])]);
        this.#attach(await this.#session.begin(this.#options, signals));
      } catch (error) {
        throw await this.#giveUp(error);
      }
    });
  }

  /** Stops the hub and whatever would start it again; no process of it is left then. */
  stop(): Promise<void> {
    this.#abort.abort();
    return this.#serial(async () => {
      clearTimeout(this.#restartTimer);
      if (this.#session) this.#show('stopping');
      try {
        await this.#end();
      } catch (error) {
        this.#show('failed', LatticeError.from(error, 'hub_failed'));
        throw error;
      }
      this.#show('stopped');
    });
  }

  /**
   * Stops the hub and starts it again on the same ports; starts it when it does not run.
   * @throws LatticeError as `start` does.
   */
  async restart(): Promise<void> {
    const done = await this.#serial(async () => {
      const session = this.#session;
      if (!this.#running || !session) return false;
      this.#show('restarting');
      try {
        await this.#halt(session);
        this.#attach(await session.launch(this.#options, this.#abort.signal));
      } catch (error) {
        throw await this.#giveUp(error);
      }
      return true;
    });
    if (!done) await this.start();
  }

  /**
   * Changes address, auth or TLS: a running hub reloads them, or restarts when its address changes. When the change
   * cannot be made, the hub runs on as it was.
   * @throws LatticeError `invalid_input`, `unsafe`, `port_taken` or `hub_failed`.
   */
  reconfigure(change: HubChange): Promise<void> {
    return this.#serial(async () => {
      const after = withAbsolutePaths({ ...this.#options, ...change });
      checkOptions(after);
      if (this.#running && this.#session) {
        await this.#change(this.#session, this.#running, after);
        return;
      }
      this.#options = after;
      this.view.set({ ...this.view.value, shared: !isLoopback(after.host) });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    try {
      await this.stop();
    } finally {
      this.#monitor[Symbol.dispose]();
      await this.#hubLog[Symbol.asyncDispose]();
    }
  }

  async #change(session: HubSession, running: RunningHub, after: HubOptions): Promise<void> {
    const before = this.#options;
    const port = after.port || running.ports.client;
    const moves = port !== running.ports.client;
    if (moves && !(await isPortFree(after.host, port))) throw await portTaken(after.host, port);
    await session.check(after, { ...running.ports, client: port });
    this.#options = after;
    if (!moves && after.host === before.host) {
      const reloaded = await session.reload(running, after);
      if (reloaded) {
        this.#running = reloaded;
        this.#show('running');
        return;
      }
    }
    this.#show('restarting');
    await this.#halt(session);
    try {
      this.#attach(await session.launch(after, this.#abort.signal, { ...running.ports, client: port }));
    } catch (error) {
      this.#options = before;
      await this.#back(session, running);
      throw error;
    }
  }

  async #back(session: HubSession, running: RunningHub): Promise<void> {
    try {
      this.#attach(await session.launch(this.#options, this.#abort.signal, running.ports));
    } catch (error) {
      throw await this.#giveUp(error);
    }
  }

  #attach({ running, notices }: Started): void {
    this.#running = running;
    this.#notices = notices;
    this.#options = keepPort(this.#options, running.ports.client);
    this.#show('running');
    void running.process.exited.then((how) => {
      // A stop takes `#running` away first, so an end that we wanted is not one to recover from.
      if (this.#running?.process !== running.process) return;
      this.#running = undefined;
      void this.#serial(async () => this.#recover(await exitError(this.#hubLog, how)));
    });
  }

  async #recover(error: LatticeError): Promise<void> {
    if (!this.#session || this.#running) return;
    const delay = this.#budget.next(performance.now());
    if (delay === undefined) {
      const { exitLimit, exitWindow } = this.#timing;
      const said = `The hub ended ${exitLimit} times within ${exitWindow / 1_000} s and stays off. ${error.message}`;
      await this.#giveUp(
        new LatticeError('hub_failed', said, { hint: 'Look at its log, then start it again.', cause: error }),
      );
      return;
    }
    this.#restarts += 1;
    this.#show('restarting', error);
    this.#restartTimer = setTimeout(() => void this.#serial(() => this.#relaunch()), delay);
  }

  async #relaunch(): Promise<void> {
    const session = this.#session;
    if (!session || this.#running || this.#abort.signal.aborted) return;
    try {
      this.#attach(await session.launch(this.#options, this.#abort.signal));
    } catch (error) {
      if (!this.#abort.signal.aborted) await this.#recover(LatticeError.from(error, 'hub_failed'));
    }
  }

  /** Ends everything after a failure that no restart can heal, and tells it. */
  async #giveUp(thrown: unknown): Promise<LatticeError> {
    const error = LatticeError.from(thrown, 'hub_failed');
    // The first failure is the one a person needs to hear.
    await this.#end().catch(() => undefined);
    if (error.code === 'cancelled') this.#show('stopped');
    else this.#show('failed', error);
    return error;
  }

  async #end(): Promise<void> {
    const session = this.#session;
    if (!session) return;
    await this.#halt(session);
    this.#session = undefined;
    await session.close();
  }

  async #halt(session: HubSession): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    this.#notices = [];
    if (running) await session.halt(running, this.#options.ownStation);
  }

  #show(state: HubState, error?: LatticeError): void {
    this.view.set(
      hubView({
        state,
        options: this.#options,
        running: this.#running,
        binary: this.#session?.binary,
        restarts: this.#restarts,
        notices: this.#notices,
        error,
        before: this.view.value,
      }),
    );
  }

  #serial<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(step);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

/** Stations come back to the port they know, so a port that was any free one stays when the hub is started again. */
function keepPort(options: HubOptions, client: number): HubOptions {
  return options.port === 0 ? { ...options, port: client } : options;
}
