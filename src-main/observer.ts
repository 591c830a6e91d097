import { Disposables } from '../src-shared/disposables.ts';
import { LatticeError } from '../src-shared/errors.ts';
import { namesOf } from '../src-shared/protocol/subjects.ts';
import { EventLog } from './events/event-log.ts';
import type { MeshConnection } from './mesh/connection.ts';
import { observeMesh } from './mesh/mesh.ts';
import { meshFactsOf } from './mesh-facts.ts';
import type { Signing } from './signing/signing.ts';
import type { Station } from './station.ts';
import { openWork } from './work/work-service.ts';

export interface ObserverOptions {
  /** Open already. */
  connection: MeshConnection;
  org: string;
  id: string;
  /** Signs and checks messages where the hub asks for keys. */
  signing?: Signing | undefined;
}

/**
 * A place on the mesh for a device that offers nothing: it sees, and acts as far as its role goes.
 * @throws LatticeError `unsupported`, `not_connected`, `io_failed`.
 */
export async function startObserver({ connection, org, id, signing }: ObserverOptions): Promise<Station> {
  const end = new Disposables();
  try {
    const mesh = end.use(await observeMesh({ connection, org, callerId: id, signing }));
    const { nc } = connection;
    const access = await openWork({
      nc,
      org,
      mesh: meshFactsOf(mesh.registry.index),
      signing,
      onRefused: ({ station, why }) => mesh.registry.log.refuse('output', station, why),
    });
    const works = end.use(await access.openBoard(true));
    return {
      mesh: { ...mesh, update: async () => undefined },
      work: { ...access, works },
      events: new EventLog({
        nc,
        names: namesOf(org),
        onRefused: ({ station, why }) => mesh.registry.log.refuse('event', station, why),
      }),
      expel: async () => undefined,
      [Symbol.asyncDispose]: () => end[Symbol.asyncDispose](),
    };
  } catch (error) {
    await end[Symbol.asyncDispose]();
    throw LatticeError.from(error);
  }
}
