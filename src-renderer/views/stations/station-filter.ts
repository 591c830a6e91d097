import type { StationView } from '../../../src-shared/views/mesh.ts';
import { STATUSES } from '../../ui/status.ts';

/** What needs a look stands first when the list is sorted by state. */
const URGENCY: Record<StationView['status'], number> = { late: 0, offline: 1, online: 2 };

/** Order of names as a person expects it: `node-2` before `node-10`. */
export function byName(a: StationView, b: StationView): number {
  return a.name.localeCompare(b.name, 'en', { numeric: true }) || a.id.localeCompare(b.id);
}

/** Late first, then offline, then online; within a state by name. */
export function byState(a: StationView, b: StationView): number {
  return URGENCY[a.status] - URGENCY[b.status] || byName(a, b);
}

/** How busy a station is: free slots decide, then how many there are. An offline one stands before all others. */
export function byBusy(a: StationView, b: StationView): number {
  return share(a) - share(b) || a.load.capacity - b.load.capacity || byName(a, b);
}

function share({ status, load }: StationView): number {
  if (status === 'offline') return -1;
  return load.capacity === 0 ? 0 : load.running / load.capacity;
}

/** Order by a figure that an offline station does not have. */
export function byLoad(figure: 'cpu' | 'memory'): (a: StationView, b: StationView) => number {
  const value = ({ status, load }: StationView) => (status === 'offline' ? -1 : load[figure]);
  return (a, b) => value(a) - value(b) || byName(a, b);
}

/** Stations by name of which each has all words of `text` somewhere in what the list or its detail says. */
export function filterStations(stations: readonly StationView[], text: string): StationView[] {
  const words = text.toLowerCase().split(/\s+/);
  return stations.filter((station) => words.every((word) => wordsOf(station).includes(word))).sort(byName);
}

function wordsOf(station: StationView): string {
  const { os, arch, hostname } = station.platform;
  const marks = [station.is_self && 'this machine', station.hosts_hub && 'hub'];
  const parts = [
    station.name,
    STATUSES[station.status].word,
    os,
    arch,
    hostname,
    station.version,
    station.id,
  ];
  return [...parts, ...marks].join('\n').toLowerCase();
}
