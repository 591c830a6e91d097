import { useCallback } from 'react';
import { useAction } from '../../data/queries.ts';
import { toastError } from '../../ui/toast.tsx';

export interface HubControl {
  start(): void;
  stop(): void;
  restart(): void;
  openLogFolder(): void;
  /** What is on its way. */
  busy: 'start' | 'stop' | 'restart' | undefined;
}

/** Starts, stops and restarts the hub of this machine, and says when that failed. */
export function useHubControl(): HubControl {
  const { mutate: start, isPending: starting } = useAction('hub.start');
  const { mutate: stop, isPending: stopping } = useAction('hub.stop');
  const { mutate: restart, isPending: restarting } = useAction('hub.restart');
  const { mutate: reveal } = useAction('app.reveal');
  return {
    start: useCallback(
      () => start(undefined, { onError: (error) => toastError('The hub did not start', error) }),
      [start],
    ),
    stop: useCallback(
      () => stop(undefined, { onError: (error) => toastError('The hub did not stop', error) }),
      [stop],
    ),
    restart: useCallback(
      () => restart(undefined, { onError: (error) => toastError('The hub did not restart', error) }),
      [restart],
    ),
    openLogFolder: useCallback(
      () =>
        reveal({ target: 'hub_log' }, { onError: (error) => toastError('The folder did not open', error) }),
      [reveal],
    ),
    busy: starting ? 'start' : stopping ? 'stop' : restarting ? 'restart' : undefined,
  };
}
