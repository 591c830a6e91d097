import { useEffect, useState } from 'react';
import type { Feed, LiveState } from '../../../data/feed.ts';
import { feedOf } from '../../../data/live.ts';
import { changesBetween } from '../../../data/work-index.ts';
import { addPulse, endPulse, NO_TRAFFIC, PULSE_MS, type Pulse, type Traffic } from './pulses.ts';

/** What a message is about: a work, or a direct call. */
interface Sent {
  station_id?: string | undefined;
  ended_at?: string | undefined;
}

/** What a change of a work or of a call says was sent: a task to a station, or news from it. */
export function messageOf(before: Sent | undefined, after: Sent): Omit<Pulse, 'id'> | undefined {
  if (after.station_id === undefined || before === after) return undefined;
  if (before === undefined && after.ended_at !== undefined) return undefined;
  return { station: after.station_id, toHub: before?.station_id !== undefined };
}

/** The messages between two states of a stream; what was there at the start sends nothing. */
export function messagesBetween<T extends Sent & { id: string }>(
  before: LiveState<T>,
  after: LiveState<T>,
): Omit<Pulse, 'id'>[] {
  if (before.state === 'loading' || before.items === after.items) return [];
  const { added } = changesBetween(before.items, after.items);
  return added.flatMap((item) => messageOf(before.items.get(item.id), item) ?? []);
}

function follow<T extends Sent & { id: string }>(
  feed: Feed<T>,
  send: (message: Omit<Pulse, 'id'>) => void,
): () => void {
  const unsubscribe = feed.store.subscribe((after, before) => {
    if (!document.hidden) for (const message of messagesBetween(before, after)) send(message);
  });
  const release = feed.hold();
  return () => {
    unsubscribe();
    release();
  };
}

/** Messages of works and direct calls as they pass. */
export function useTraffic(): Traffic {
  const [traffic, setTraffic] = useState(NO_TRAFFIC);
  useEffect(() => {
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
    const ends = [follow(feedOf('works.watch'), send), follow(feedOf('runs.watch'), send)];
    return () => {
      for (const end of ends) end();
      for (const timer of timers) clearTimeout(timer);
    };
  }, []);
  return traffic;
}
