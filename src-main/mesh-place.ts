import { Disposables } from '../src-shared/disposables.ts';
import { isObserver, type Role } from '../src-shared/protocol/roles.ts';
import { namesOf } from '../src-shared/protocol/subjects.ts';
import type { Access } from './access/access.ts';
import { serveAccess } from './access/access-service.ts';
import { startObserver } from './observer.ts';
import { type Station, type StationOptions, startStation } from './station.ts';

export interface MeshPlaceOptions extends StationOptions {
  /** What the host of the lattice lets us do; everything when it is absent. */
  role: Role | undefined;
  /** Who may be on the lattice, when it is hosted here and asks everybody for a key. */
  access: Access | undefined;
}

/** Takes the place on the mesh that our role gives us, and answers who wants to be let in when we host. */
export async function takePlace(options: MeshPlaceOptions): Promise<Station> {
  const { connection, org, identity, role, access } = options;
  const end = new Disposables();
  const station = isObserver(role)
    ? await startObserver({ connection, org, id: identity.id })
    : await startStation(options);
  end.use(station);
  if (access) end.use(serveAccess({ nc: connection.nc, names: namesOf(org), access }));
  return {
    mesh: station.mesh,
    get work() {
      return station.work;
    },
    workOff: station.workOff,
    events: station.events,
    expel: (stationId) => station.expel(stationId),
    [Symbol.asyncDispose]: () => end[Symbol.asyncDispose](),
  };
}
