import { Disposables } from '../src-shared/disposables.ts';
import { isObserver, type Role } from '../src-shared/protocol/roles.ts';
import { namesOf } from '../src-shared/protocol/subjects.ts';
import type { Access } from './access/access.ts';
import { serveAccess } from './access/access-service.ts';
import { serveGuests } from './guests/guest-service.ts';
import type { Guests } from './guests/guests.ts';
import type { HostedMembers } from './hosted-hub.ts';
import { startObserver } from './observer.ts';
import { MemberList } from './signing/member-list.ts';
import { Signing } from './signing/signing.ts';
import { SigningKey } from './signing/signing-key.ts';
import { type Station, type StationOptions, startStation } from './station.ts';

export interface MeshPlaceOptions extends StationOptions {
  /** What the host of the lattice lets us do; everything when it is absent. */
  role: Role | undefined;
  /** Who may be on the lattice, when it is hosted here and asks everybody for a key. */
  access?: Access | undefined;
  /** The lattices of others, when our hub carries any and asks everybody for a key. */
  guests?: Guests | undefined;
  /** Who may be on the lattice, when it is hosted here. */
  members?: HostedMembers | undefined;
  /** The key of the host that let us in, as far as we know it. */
  hostKey?: string | undefined;
}

/** A place on the mesh; the host also tells the others who is a member. */
export type Place = Station & { readonly memberList: MemberList | undefined };

/** Takes the place on the mesh that our role gives us, and answers who wants to be let in when we host. */
export async function takePlace(options: MeshPlaceOptions): Promise<Place> {
  const { connection, org, identity, role, access, guests } = options;
  const end = new Disposables();
  try {
    const memberList = await tellMembers(options, end);
    const { nc, signingKey: key } = connection;
    const hostKey = memberList?.hostKey ?? options.hostKey;
    const signing = end.use(await Signing.open({ nc, org, id: identity.id, key, hostKey }));
    const station = isObserver(role)
      ? await startObserver({ connection, org, id: identity.id, signing })
      : await startStation({ ...options, signing });
    end.use(station);
    const names = namesOf(org);
    if (access) end.use(serveAccess({ nc, names, access }));
    if (guests) {
      end.use(guests.open());
      end.use(serveGuests({ nc, names, guests }));
    }
    return {
      mesh: station.mesh,
      get work() {
        return station.work;
      },
      workOff: station.workOff,
      events: station.events,
      expel: (stationId) => station.expel(stationId),
      memberList,
      [Symbol.asyncDispose]: () => end[Symbol.asyncDispose](),
    };
  } catch (error) {
    await end[Symbol.asyncDispose]();
    throw error;
  }
}

/** The host writes the list of members before anybody needs it, and again with each change. */
async function tellMembers(
  { connection, org, identity, members }: MeshPlaceOptions,
  end: Disposables,
): Promise<MemberList | undefined> {
  if (!members) return undefined;
  const { roster, guarded, seed } = members;
  const key = new SigningKey(seed);
  const list = new MemberList({
    nc: connection.nc,
    org,
    key,
    host: identity,
    devices: () => roster.devices,
    guarded,
  });
  await list.publish();
  end.use(roster.changed.on(() => void list.publish().catch(() => undefined)));
  return list;
}
