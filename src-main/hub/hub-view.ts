import type { LatticeError } from '../../src-shared/errors.ts';
import type { HubState, HubView } from '../../src-shared/views/node.ts';
import type { NatsBinary } from './binary.ts';
import { featuresOff } from './features.ts';
import { type HubOptions, isLoopback } from './hub-options.ts';
import { clientUrl, monitorUrl, type RunningHub } from './launcher.ts';

export interface HubFacts {
  state: HubState;
  options: HubOptions;
  running?: RunningHub | undefined;
  binary?: NatsBinary | undefined;
  restarts: number;
  notices: string[];
  error?: LatticeError | undefined;
  /** The view until now; its time stays while the state does. */
  before?: HubView;
}

/** What a person may know about the hub; no secret is in it. */
export function hubView(facts: HubFacts): HubView {
  const { state, options, running, binary, before, error } = facts;
  return {
    state,
    since: before?.state === state ? before.since : new Date().toISOString(),
    ...(running && {
      url: clientUrl(options, running.ports),
      monitor_url: monitorUrl(running.ports),
      port: running.ports.client,
      http_port: running.ports.monitor,
      pid: running.process.identity.pid,
    }),
    ...(binary && { version: binary.version, binary: binary.path }),
    store_dir: options.storeDir,
    adopted: running?.process.adopted ?? false,
    restarts: facts.restarts,
    shared: !isLoopback(options.host),
    notices: facts.notices,
    features_off: binary ? featuresOff(binary.version) : [],
    ...(error && { error: error.toShape() }),
  };
}
