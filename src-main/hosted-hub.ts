import { createHash } from 'node:crypto';
import { LatticeError } from '../src-shared/errors.ts';
import type { StationConfig } from './config/setting-table.ts';
import { type HostingPlan, hostingPlan, joinAddresses, loadShare, saveShare, withSecret } from './hosting.ts';
import { Hub } from './hub/hub.ts';

export interface HostedHubOptions {
  plan: HostingPlan;
  runtimeDir: string;
  logFile: string;
  /** The station of this process, which does not count as somebody to wait for. */
  ownStation: string;
  resourcesDir: string | undefined;
}

/** The hub that this node runs, with what lets itself and others in. */
export class HostedHub implements AsyncDisposable {
  readonly hub: Hub;
  #plan: HostingPlan;

  constructor({ plan, ...options }: HostedHubOptions) {
    this.#plan = plan;
    const digest = createHash('sha256').update(options.runtimeDir).digest('hex').slice(0, 12);
    this.hub = new Hub({ ...plan.hub, ...options, serverName: `lattice-${digest}` });
  }

  /** How the station of this node reaches the hub. @throws LatticeError `hub_failed` while it does not run. */
  get access() {
    const { url } = this.hub;
    if (url === undefined) throw new LatticeError('hub_failed', 'The hub ended while it started.');
    return { url, auth: this.#plan.ownAuth, tls: this.#plan.ownTls };
  }

  /** Opens the hub to the network with a token, or closes it to loopback again; returns addresses without secrets. */
  async share(config: StationConfig, dataDir: string, shared: boolean): Promise<string[]> {
    const plan = hostingPlan(config, { ...(await loadShare(dataDir)), shared }, dataDir);
    await this.hub.reconfigure({ host: plan.hub.host, auth: plan.hub.auth });
    await saveShare(dataDir, { ...(await loadShare(dataDir)), shared });
    this.#plan = plan;
    return this.addresses();
  }

  /** Where others reach the hub; empty while it is not shared. */
  addresses(): string[] {
    const { shared, port } = this.hub.view.value;
    return shared && port !== undefined ? joinAddresses(port, this.#plan.hub.tls !== undefined) : [];
  }

  /** One of the addresses with its secret, for the clipboard. @throws LatticeError `invalid_input` for another one. */
  withSecret(address: string): string {
    if (this.addresses().includes(address)) return withSecret(address, this.#plan.hub.auth);
    throw new LatticeError('invalid_input', `${address} is not an address of this hub.`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.hub[Symbol.asyncDispose]();
  }
}
