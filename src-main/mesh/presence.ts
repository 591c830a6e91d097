import type { NatsConnection } from '@nats-io/nats-core';
import { LatticeError } from '../../src-shared/errors.ts';
import type { LiveSource } from '../../src-shared/live.ts';
import { type AgentInfo, agentInfoSchema } from '../../src-shared/protocol/agent.ts';
import type { Announce, Goodbye, Heartbeat, StationManifest } from '../../src-shared/protocol/station.ts';
import type { LatticeNames } from '../../src-shared/protocol/subjects.ts';
import type { LoadSampler } from './load.ts';
import type { Problems } from './problems.ts';
import type { RegistryStore } from './registry-store.ts';
import type { Slots } from './slots.ts';
import type { MeshTiming } from './timing.ts';
import { bytesText, encode, protocolHeaders, readValue } from './wire.ts';

/** What a station says of itself beside its agents and load. */
export type StationDescription = Pick<StationManifest, 'version' | 'hosts_hub' | 'platform' | 'started_at'>;

export interface PresenceOptions {
  nc: () => NatsConnection;
  connected: () => boolean;
  names: LatticeNames;
  stationId: string;
  stationName: string;
  instance: string;
  description: StationDescription;
  agents: LiveSource<AgentInfo>;
  slots: Slots;
  load: LoadSampler;
  store: RegistryStore;
  timing: MeshTiming;
  problems: Problems;
}

const GOODBYE_WITHIN_MS = 1_000;

/** Says on the mesh who this station is: record and announce on every change, a heartbeat with load, a goodbye. */
export class Presence implements AsyncDisposable {
  readonly #options: PresenceOptions;
  readonly #headers = protocolHeaders();
  readonly #watching: Disposable[] = [];
  #name: string;
  #hostsHub: boolean;
  #beat: NodeJS.Timeout | undefined;
  #early: NodeJS.Timeout | undefined;
  #lastBeat = 0;
  #lastRunning = 0;
  #pending: Promise<void> = Promise.resolve();
  #again = false;
  #ended = false;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#name = options.stationName;
    this.#hostsHub = options.description.hosts_hub;
  }

  /**
   * Writes the record, announces, and keeps the heart beating.
   * @throws LatticeError `invalid_input` when this station's own description cannot be used.
   */
  async start(): Promise<void> {
    const { agents, slots, timing, store } = this.#options;
    await this.#publish();
    this.#watching.push(
      agents.on(() => void this.announce()),
      slots.changed.on(() => this.#onLoad()),
    );
    this.#beat = setInterval(() => this.#heartbeat(true), timing.heartbeatMs);
    this.#beat.unref();
    void store.sweepAgents(this.manifest()).catch((error) => this.#failed(error));
  }

  /** This station's record as of now; agents that cannot be announced are left out and reported. */
  manifest(): StationManifest {
    const { description, stationId, load } = this.#options;
    return {
      ...description,
      hosts_hub: this.#hostsHub,
      station_id: stationId,
      station_name: this.#name,
      agents: this.#announceable(),
      load: load.current(),
      last_seen: new Date().toISOString(),
      status: 'online',
    };
  }

  /** Changes what others see of this station. */
  async update(change: { stationName?: string; hostsHub?: boolean }): Promise<void> {
    this.#name = change.stationName ?? this.#name;
    this.#hostsHub = change.hostsHub ?? this.#hostsHub;
    await this.announce();
  }

  /** Tells the mesh the present state; calls while one is on its way become one more. Failures become a problem. */
  announce(): Promise<void> {
    if (this.#again || this.#ended) return this.#pending;
    this.#again = true;
    this.#pending = this.#pending.then(async () => {
      this.#again = false;
      if (this.#ended || !this.#options.connected()) return;
      await this.#publish().catch((error) => this.#failed(error));
    });
    return this.#pending;
  }

  async #publish(): Promise<void> {
    const { names, stationId, store, problems } = this.#options;
    const manifest = this.manifest();
    const announce: Announce = { ...this.#base(), manifest };
    const data = encode(announce);
    const nc = this.#options.nc();
    const limit = (nc.info?.max_payload ?? Number.MAX_SAFE_INTEGER) - 1_024;
    if (data.length > limit) {
      throw new LatticeError(
        'too_large',
        `The agents of this station take ${bytesText(data.length)} to announce.`,
        {
          hint: `The hub takes ${bytesText(limit)}. Shorten descriptions and input schemas, or offer fewer agents.`,
        },
      );
    }
    await store.putStation(manifest);
    nc.publish(names.presenceAnnounce(stationId), data, { headers: this.#headers });
    problems.solve('mesh.announce');
    this.#heartbeat(true);
  }

  #heartbeat(keep: boolean): void {
    const { names, stationId, load, store, connected, slots } = this.#options;
    if (this.#ended || !connected()) return;
    const nc = this.#options.nc();
    // A connection that drains counts as connected, and takes nothing more.
    if (nc.isDraining()) return;
    const heartbeat: Heartbeat = { ...this.#base(), load: keep ? load.sample() : load.current() };
    this.#lastBeat = performance.now();
    this.#lastRunning = slots.running + slots.queued;
    const subject = names.presenceHeartbeat(stationId);
    nc.publish(subject, encode(heartbeat), { headers: this.#headers });
    if (keep) void store.putHeartbeat(heartbeat).catch((error) => this.#failed(error));
  }

  #onLoad(): void {
    if (this.#early) return;
    const wait = Math.max(0, this.#lastBeat + this.#options.timing.loadChangeMs - performance.now());
    this.#early = setTimeout(() => {
      this.#early = undefined;
      const { slots } = this.#options;
      if (slots.running + slots.queued !== this.#lastRunning) this.#heartbeat(false);
    }, wait);
    this.#early.unref();
  }

  #announceable(): AgentInfo[] {
    const { agents, problems } = this.#options;
    const good: AgentInfo[] = [];
    const bad: string[] = [];
    for (const agent of agents.snapshot()) {
      const parsed = readValue(agentInfoSchema, agent);
      if (parsed.ok) good.push(parsed.value);
      else bad.push(`${String(agent.name).slice(0, 40)} (${parsed.why})`);
    }
    if (bad.length === 0) problems.solve('mesh.agents');
    else
      problems.raise({
        id: 'mesh.agents',
        severity: 'error',
        area: 'agents',
        title: `${bad.length} ${bad.length === 1 ? 'agent is' : 'agents are'} not on the mesh`,
        detail: `${bad.slice(0, 5).join(' · ')}.`,
      });
    return good;
  }

  #base() {
    const { stationId, instance } = this.#options;
    return { station_id: stationId, station_name: this.#name, time: new Date().toISOString(), instance };
  }

  #failed(thrown: unknown): void {
    if (this.#ended || !this.#options.connected()) return;
    const error = LatticeError.from(thrown);
    this.#options.problems.raise({
      id: 'mesh.announce',
      severity: 'error',
      area: 'mesh',
      title: 'Others may not see this station as it is',
      detail: [error.message, error.hint].filter(Boolean).join(' '),
    });
  }

  /** Says goodbye, so that nobody has to wait for the silence. */
  async goodbye(reason?: string): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#beat);
    clearTimeout(this.#early);
    for (const watch of this.#watching) watch[Symbol.dispose]();
    await within(GOODBYE_WITHIN_MS, this.#pending);
    const { names, stationId, connected, store } = this.#options;
    if (!connected()) return;
    const goodbye: Goodbye = { ...this.#base(), ...(reason ? { reason } : {}) };
    try {
      const nc = this.#options.nc();
      nc.publish(names.presenceGoodbye(stationId), encode(goodbye), { headers: this.#headers });
      await within(GOODBYE_WITHIN_MS, store.putStation({ ...this.manifest(), status: 'offline' }));
    } catch {
      // The hub went away first; others notice by the missing heartbeat.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.goodbye();
  }
}

/** Waits for `work`, but not longer than `ms`: a hub that just died answers nothing. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
