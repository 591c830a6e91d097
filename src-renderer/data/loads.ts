import { useSyncExternalStore } from 'react';
import { feedOf } from './live.ts';
import { LoadHistory, type LoadSample } from './load-history.ts';

const history = new LoadHistory();
const listeners = new Set<() => void>();
let follows = false;

/** Collects the load of all stations from the first call on, for as long as the window is open. */
export function followLoads(): void {
  if (follows) return;
  follows = true;
  const feed = feedOf('stations.watch');
  const take = () => {
    if (history.record(feed.store.getState().items)) for (const listener of [...listeners]) listener();
  };
  feed.hold();
  feed.store.subscribe(take);
  take();
}

function subscribe(listener: () => void): () => void {
  followLoads();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The load of a station over the last minutes, oldest first. */
export function useLoadHistory(stationId: string): readonly LoadSample[] {
  return useSyncExternalStore(subscribe, () => history.of(stationId));
}
