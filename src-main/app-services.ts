import type { Logger } from 'pino';
import type { z } from 'zod';
import type { CallName, CallOutput, calls, StreamItem, StreamName, streams } from '../src-shared/ipc.ts';
import type { LiveSource } from '../src-shared/live.ts';
import type { NodeView } from '../src-shared/views/node.ts';
import type { Settings } from '../src-shared/views/settings.ts';
import type { Paths } from './config/paths.ts';
import type { Notify } from './hooks/hook.ts';
import type { Keychain } from './secrets/sealer.ts';

/** What answers one call: parsed input in, output out; throws LatticeError. */
export type CallHandler<N extends CallName> = (
  input: z.output<(typeof calls)[N]['input']>,
) => CallOutput<N> | Promise<CallOutput<N>>;
export type CallHandlers = { [N in CallName]: CallHandler<N> };

/** What a stream is made of for these parameters; throws LatticeError, for example `not_found`. */
export type StreamSource<N extends StreamName> = (
  params: z.output<(typeof streams)[N]['params']>,
) => LiveSource<StreamItem<N>>;
export type StreamSources = { [N in StreamName]: StreamSource<N> };

/** The calls that only Electron can answer. */
export type ShellCall =
  | 'app.info'
  | 'app.openExternal'
  | 'app.reveal'
  | 'app.copy'
  | 'app.paste'
  | 'app.chooseFolder'
  | 'app.attachFile'
  | 'app.quit'
  | 'diagnostics.save'
  | 'app.hide'
  | 'hub.copyJoin';

/** The streams that only Electron can feed. */
export type ShellStream = 'commands.watch';

/** What the command line asked the app to do at its start. */
export interface LaunchOptions {
  /** Host a lattice at once. */
  host: boolean;
  /** The URL of a lattice to join at once. */
  join?: string;
  /** A `lattice://` link to show to the person. */
  link?: string;
}

/** What the app needs to build its services. */
export interface ServiceOptions {
  paths: Paths;
  env: NodeJS.ProcessEnv;
  log: Logger;
  /** Where a packaged app keeps its nats-server. */
  resourcesDir: string | undefined;
  /** How hooks of lattice.yaml reach a person. */
  notify: Notify;
  /** The keychain of the system; opening it may take a moment. */
  keychain: Promise<Keychain>;
}

/** The running station as the window sees it; disposing it stops all that it started. */
export interface AppServices extends AsyncDisposable {
  calls: Omit<CallHandlers, ShellCall>;
  streams: Omit<StreamSources, ShellStream>;
  node: LiveSource<NodeView>;
  settings: LiveSource<Settings>;
  /** How many runs would be lost if the app ended now. */
  runningCalls(): number;
  /** A join address of the shared hub with its secret; @throws LatticeError `invalid_input` for any other address. */
  joinSecret(address: string): string;
  /** Copies a file of this machine onto a task and answers with its name. @throws LatticeError `invalid_input`, `too_large`. */
  attachFile(board: string, task: string, path: string): Promise<string>;
  /** The diagnostics that were collected last, as a zip. @throws LatticeError `not_found` before any were. */
  diagnostics(): Uint8Array;
  /** Where something lies on disk; undefined when it does not exist. */
  pathOf(target: 'project' | 'agents' | 'hub_log'): string | undefined;
  /** Does what the command line asked for, or else what the settings say; called once, after the window was created. */
  autoStart(launch: LaunchOptions): Promise<void>;
}

export type CreateServices = (options: ServiceOptions) => Promise<AppServices>;
