import type { StreamSources } from './app-services.ts';
import type { LatticeNode } from './lattice-node.ts';

type UsageStream = Extract<keyof StreamSources, `usage.${string}`>;

/** The window's streams about what models cost. */
export function usageStreams(node: LatticeNode): Pick<StreamSources, UsageStream> {
  return { 'usage.watch': () => node.usage, 'usage.budgets': () => node.budgets };
}
