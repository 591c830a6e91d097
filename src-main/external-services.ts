import { present } from '../src-shared/present.ts';
import type { CallHandlers } from './app-services.ts';
import { type ContextTarget, listContexts, readContext } from './config/nats-contexts.ts';
import { checkHub } from './external/hub-check.ts';
import type { LatticeNode } from './lattice-node.ts';

type ExternalCall = 'contexts.list' | 'contexts.join' | 'hub.check';

export interface ExternalServicesOptions {
  node: LatticeNode;
  env: NodeJS.ProcessEnv;
  /** What a typed address means together with the settings. */
  settled(typed: Pick<ContextTarget, 'url'> & { auth?: ContextTarget['auth'] | undefined }): ContextTarget;
}

/** The window's calls about hubs that somebody else runs. */
export function externalCalls(options: ExternalServicesOptions): Pick<CallHandlers, ExternalCall> {
  const { node, env, settled } = options;
  return {
    'contexts.list': () => listContexts(env),
    'contexts.join': async ({ name }) => node.join(await readContext(name, env)),
    'hub.check': async ({ target: wanted }) => {
      const { org, station_id: device, role = 'station' } = node.view.value;
      const target =
        wanted === undefined
          ? hubOf(node)
          : 'context' in wanted
            ? await readContext(wanted.context, env)
            : settled(wanted);
      return checkHub({ target, org, role, device });
    },
  };
}

/** The hub that this machine is on. @throws LatticeError `not_connected`. */
function hubOf({ place }: LatticeNode): ContextTarget {
  const { url, auth = {}, tls = {}, inboxPrefix } = place.address;
  return { url, auth, tls, ...present({ inboxPrefix }) };
}
