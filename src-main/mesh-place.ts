import { Disposables } from '../src-shared/disposables.ts';
import { isObserver, type Role } from '../src-shared/protocol/roles.ts';
import { namesOf } from '../src-shared/protocol/subjects.ts';
import type { Access } from './access/access.ts';
import { serveAccess } from './access/access-service.ts';
import { serveGuests } from './guests/guest-service.ts';
import type { Guests } from './guests/guests.ts';
import { startObserver } from './observer.ts';
import { type Station, type StationOptions, startStation } from './station.ts';

export interface MeshPlaceOptions extends StationOptions {
  /** What the host of the lattice lets us do; everything when it is absent. */
  role: Role | undefined;
  /** Who may be on the lattice, when it is hosted here and asks everybody for a key. */
  access?: Access | undefined;
  /** The lattices of others, when our hub carries any and asks everybody for a key. */
  guests?: Guests | undefined;
}

/** Takes the place on the mesh that our role gives us, and answers who wants to be let in when we host. */
export async function takePlace(options: MeshPlaceOptions): Promise<Station> {
  const { connection, org, identity, role, access, guests } = options;
  const end = new Disposables();
  const station = isObserver(role)
    ? await startObserver({ connection, org, id: identity.id })
    : await startStation(options);
  end.use(station);
  const { nc } = connection;
  const names = namesOf(org);
  if (access) end.use(serveAccess({ nc, names, access }));
  if (guests) {
    end.use(guests.open());
    end.use(serveGuests({ nc, names, guests }));
  }
  return { ...station, [Symbol.asyncDispose]: () => end[Symbol.asyncDispose]() };
}
