import { useSyncExternalStore } from 'react';

const query = () => window.matchMedia('(max-width: 1199.98px)');

function subscribe(listener: () => void): () => void {
  const list = query();
  list.addEventListener('change', listener);
  return () => list.removeEventListener('change', listener);
}

/** Whether the window is compact: narrower than 1200 pixels, or zoomed until it is. */
export function useCompact(): boolean {
  return useSyncExternalStore(subscribe, () => query().matches);
}
