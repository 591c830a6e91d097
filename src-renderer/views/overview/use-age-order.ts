import { useState } from 'react';
import type { StationView } from '../../../src-shared/views/mesh.ts';

/** Stations by age; each keeps the age it was first seen with, so that a restart does not move it. */
export function orderByAge(stations: Iterable<StationView>, ages: Map<string, string>): StationView[] {
  const list = [...stations];
  for (const station of list) if (!ages.has(station.id)) ages.set(station.id, station.started_at);
  const age = (station: StationView) => ages.get(station.id) ?? station.started_at;
  return list.sort((a, b) => age(a).localeCompare(age(b)) || a.id.localeCompare(b.id));
}

/** Stations in the order in which they keep their place. */
export function useAgeOrder(stations: Iterable<StationView>): StationView[] {
  const [ages] = useState(() => new Map<string, string>());
  return orderByAge(stations, ages);
}
