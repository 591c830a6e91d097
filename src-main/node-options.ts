import type { NatsAuth, NatsTls } from '../src-shared/protocol/auth.ts';
import type { Membership } from './access/membership.ts';
import type { Paths } from './config/paths.ts';
import type { StationConfig } from './config/setting-table.ts';
import type { Notify } from './hooks/hook.ts';
import type { SecretFiles } from './secrets/secret-files.ts';

/** What a node is made of. */
export interface NodeOptions {
  paths: Paths;
  config: StationConfig;
  /** The folder with lattice.yaml whose agents this station offers. */
  projectDir: string;
  /** Where a packaged app keeps its nats-server. */
  resourcesDir?: string | undefined;
  /** How hooks of lattice.yaml reach a person; nobody hears them without. */
  notify?: Notify;
  /** How keys are kept; in plain files for their owner without. */
  secrets?: SecretFiles | undefined;
}

/** What a start of the hub may have otherwise than the settings say. */
export interface HostChange {
  port?: number | undefined;
  http_port?: number | undefined;
  /** Opens the hub to the network from its start. */
  shared?: boolean;
}

/** The hub of somebody else. */
export interface JoinTarget {
  url: string;
  /** The lattice that let this station in by a link; absent for one that is joined by address. */
  membership?: Membership | undefined;
  /** The public key that this station comes with, when it was let in by a link. */
  key?: string | undefined;
  auth?: NatsAuth | undefined;
  tls?: NatsTls | undefined;
  /** Where the answers to this user have to come to, when the hub allows no other inbox. */
  inboxPrefix?: string | undefined;
  /** The JetStream domain that the hub has to be of. */
  domain?: string | undefined;
  /** Keeps trying while nothing answers yet. */
  waitForHub?: boolean;
}
