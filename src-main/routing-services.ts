import { join } from 'node:path';
import { Disposables } from '../src-shared/disposables.ts';
import { LatticeError } from '../src-shared/errors.ts';
import type { CallHandlers, StreamSources } from './app-services.ts';
import type { Paths } from './config/paths.ts';
import type { LatticeNode } from './lattice-node.ts';
import { FilesSource } from './routing/files-source.ts';
import { lastCalls } from './routing/history.ts';
import { saveLatticeFile } from './routing/lattice-file.ts';
import { loadPriceTable } from './routing/prices.ts';
import { StandSource } from './routing/stand-source.ts';
import { StateStore } from './routing/state-store.ts';
import { unitPrice } from './routing/unit-prices.ts';
import { UsageLog } from './routing/usage-log.ts';

type RoutingCall = Extract<keyof CallHandlers, `routing.${string}`>;
type RoutingStream = Extract<keyof StreamSources, `routing.${string}`>;

/** What the routing editor of the window works with; disposing it stops all watching. */
export interface RoutingServices extends AsyncDisposable {
  calls: Pick<CallHandlers, RoutingCall>;
  streams: Pick<StreamSources, RoutingStream>;
}

/** Opens the files, the state and the usage log of this machine for the routing editor. */
export async function routingServices(options: {
  node: LatticeNode;
  paths: Pick<Paths, 'dataDir'>;
  env: Readonly<Record<string, string | undefined>>;
  onProblem: (problem: LatticeError) => void;
}): Promise<RoutingServices> {
  const { node, paths, env, onProblem } = options;
  const stateFile = join(paths.dataDir, 'state.json');
  const usageDir = join(paths.dataDir, 'usage');
  const usage = new UsageLog({ dir: usageDir, onProblem });
  const owned = new Disposables();
  const stand = owned.use(
    new StandSource({
      store: new StateStore({ file: stateFile, onProblem }),
      usage,
      files: [stateFile, usageDir],
    }),
  );
  const files = owned.use(new FilesSource(node.config));
  await files.attach(node.config);
  owned.use(
    node.view.on(() => {
      if (files.config !== node.config) void files.attach(node.config);
    }),
  );
  return {
    calls: {
      'routing.save': async ({ scope, text, base }) => {
        const layer = node.config.current.value.layers.find((each) => each.scope === scope);
        if (layer === undefined)
          throw new LatticeError('not_found', 'There is no such file of the configuration.');
        try {
          return { digest: await saveLatticeFile(layer, text, base) };
        } finally {
          await node.config.reload();
          await files.refresh();
        }
      },
      'routing.lookup': async ({ models, keys }) => {
        const table = await loadPriceTable();
        const prices = models.flatMap((model) => {
          const price = unitPrice(table, model, Date.now());
          return price === undefined ? [] : [[model, price] as const];
        });
        return {
          prices: Object.fromEntries(prices),
          keys: Object.fromEntries(keys.map((name) => [name, (env[name] ?? '') !== ''])),
        };
      },
      'routing.history': ({ limit }) => ({ calls: lastCalls(usage, limit, Date.now()) }),
    },
    streams: {
      'routing.files': () => {
        // Rights of a file may have changed while nobody looked, which no watcher tells.
        void files.refresh();
        return files.live;
      },
      'routing.stand': () => stand,
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}
