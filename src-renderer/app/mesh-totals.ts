import type { StationView } from '../../src-shared/views/mesh.ts';

/** How the stations are as a whole, and their load by their own heartbeats. */
export function meshTotals(stations: Iterable<StationView>) {
  const totals = { stations: 0, online: 0, late: 0, offline: 0, running: 0, queued: 0, capacity: 0 };
  for (const station of stations) {
    totals.stations += 1;
    totals[station.status] += 1;
    if (station.status === 'offline') continue;
    totals.running += station.load.running;
    totals.queued += station.load.queued;
    totals.capacity += station.load.capacity;
  }
  return totals;
}
