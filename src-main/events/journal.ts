import type { LiveSource } from '../../src-shared/live.ts';
import type { AgentInfo } from '../../src-shared/protocol/agent.ts';
import type { EventPublisher } from './event-publisher.ts';

export interface JournalOptions {
  publisher: EventPublisher;
  station: { id: string; name: string };
  version: string;
  offered: LiveSource<AgentInfo>;
}

/** What a station tells the log about itself: that it joined and left, and which agents it offers. */
export class Journal implements AsyncDisposable {
  readonly #options: JournalOptions;
  readonly #own: { station_id: string; station_name: string };
  readonly #digests = new Map<string, string>();
  readonly #watching: Disposable;

  constructor(options: JournalOptions) {
    const { publisher, station, version, offered } = options;
    this.#options = options;
    this.#own = { station_id: station.id, station_name: station.name };
    const agents = offered.snapshot();
    publisher.emit('station', 'joined', {
      ...this.#own,
      version,
      joined_at: new Date().toISOString(),
      agent_count: agents.length,
    });
    for (const agent of agents) this.#offers(agent);
    this.#watching = offered.on(({ upserts, removes }) => {
      for (const name of removes) this.#tell('deregistered', name, { reason: 'no longer offered' });
      for (const name of removes) this.#digests.delete(name);
      for (const agent of upserts) this.#offers(agent);
    });
  }

  /** A call that this station runs directly, without the queue. */
  invoked(agent: string, call: { run_id: string; task: string; requested_by: string | undefined }): void {
    this.#tell('invoked', agent, { ...call, task: call.task.slice(0, 500) });
  }

  #offers(agent: AgentInfo): void {
    const before = this.#digests.get(agent.name);
    if (before === agent.digest) return;
    this.#digests.set(agent.name, agent.digest);
    this.#tell(before === undefined ? 'registered' : 'changed', agent.name, { digest: agent.digest });
  }

  #tell(type: string, agent: string, data: Record<string, unknown>): void {
    this.#options.publisher.emit('agent', type, {
      ...this.#own,
      agent_id: agent,
      agent_name: agent,
      ...data,
    });
  }

  /** Says that the station left; the publisher sends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#watching[Symbol.dispose]();
    this.#options.publisher.emit('station', 'left', {
      ...this.#own,
      left_at: new Date().toISOString(),
      reason: 'graceful',
    });
  }
}
