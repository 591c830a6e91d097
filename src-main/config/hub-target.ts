import type { Origin } from '../../src-shared/views/settings.ts';
import { natsAuthOf, natsTlsOf } from './nats-access.ts';
import { type ContextTarget, readContext } from './nats-contexts.ts';
import type { LoadedConfig } from './station-config.ts';

const STRENGTH: readonly Origin[] = ['flag', 'environment', 'file', 'default'];

/**
 * The hub elsewhere that the settings name, by address or by a context of the nats command line; of both the one that
 * was said closer at hand counts, and the context when both were. `undefined` when none is named.
 * @throws LatticeError as `readContext` does.
 */
export async function hubTargetOf(
  { values, origins }: Pick<LoadedConfig, 'values' | 'origins'>,
  env: NodeJS.ProcessEnv,
): Promise<ContextTarget | undefined> {
  const { nats_url: url, nats_context: context, nats_inbox_prefix: inboxPrefix } = values;
  const strength = (name: 'nats_url' | 'nats_context') => STRENGTH.indexOf(origins[name].origin);
  if (context !== undefined && (url === undefined || strength('nats_context') <= strength('nats_url')))
    return readContext(context, env);
  if (url === undefined) return undefined;
  return {
    url,
    auth: natsAuthOf(values),
    tls: natsTlsOf(values),
    ...(inboxPrefix === undefined ? {} : { inboxPrefix }),
  };
}
