import { useEffect, useState } from 'react';
import type { RunView } from '../../../../src-shared/views/run.ts';
import { feedOf } from '../../../data/live.ts';
import { addPulse, endPulse, NO_TRAFFIC, PULSE_MS, type Pulse, type Traffic } from './pulses.ts';

/** What a change of a run says was sent: a task to a station, or news from it. */
export function messageOf(before: RunView | undefined, after: RunView): Omit<Pulse, 'id'> | undefined {
  if (after.station_id === undefined || before === after) return undefined;
  if (before === undefined && after.ended_at !== undefined) return undefined;
  return { station: after.station_id, toHub: before?.station_id !== undefined };
}

/** Messages of runs as they pass; what was there at the start sends nothing. */
export function useTraffic(): Traffic {
  const [traffic, setTraffic] = useState(NO_TRAFFIC);
  useEffect(() => {
    const feed = feedOf('runs.watch');
    const timers = new Set<ReturnType<typeof setTimeout>>();
    let next = 0;
    const send = (message: Omit<Pulse, 'id'>) => {
      const pulse = { ...message, id: next++ };
      setTraffic((now) => addPulse(now, pulse));
      const timer = setTimeout(() => {
        timers.delete(timer);
        setTraffic((now) => endPulse(now, pulse));
      }, PULSE_MS);
      timers.add(timer);
    };
    const unsubscribe = feed.store.subscribe((state, before) => {
      if (before.state === 'loading' || document.hidden) return;
      for (const [id, run] of state.items) {
        const message = messageOf(before.items.get(id), run);
        if (message !== undefined) send(message);
      }
    });
    const release = feed.hold();
    return () => {
      unsubscribe();
      release();
      for (const timer of timers) clearTimeout(timer);
    };
  }, []);
  return traffic;
}
