import type { CallHandlers } from './app-services.ts';
import type { ContextTarget } from './config/nats-contexts.ts';
import { listContexts, readContext } from './config/nats-contexts.ts';
import { checkHub } from './external/hub-check.ts';
import type { LatticeNode } from './lattice-node.ts';
import { hubElsewhere } from './node-errors.ts';
import type { JoinTarget } from './node-options.ts';

type ExternalCall = 'contexts.list' | 'contexts.join' | 'hub.check';

/** The window's calls about hubs that somebody else runs. */
export function externalCalls(
  node: LatticeNode,
  env: NodeJS.ProcessEnv,
  settle: (target: JoinTarget) => ContextTarget,
): Pick<CallHandlers, ExternalCall> {
  const targetOf = async (wanted: { context: string } | JoinTarget | undefined): Promise<ContextTarget> => {
    if (wanted === undefined) return node.reach ?? raise(hubElsewhere());
    return 'context' in wanted ? readContext(wanted.context, env) : settle(wanted);
  };
  return {
    'contexts.list': () => listContexts(env),
    'contexts.join': async ({ name }) => node.join(await readContext(name, env)),
    'hub.check': async ({ target }) => {
      const { org, station_id, role = 'station' } = node.view.value;
      return checkHub({ target: await targetOf(target), org, role, device: station_id });
    },
  };
}
