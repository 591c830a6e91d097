import { useEffect, useState } from 'react';
import { feedOf } from '../../data/live.ts';
import { type LoadSample, withSamples } from './station-facts.ts';

/** The load of each station since the view was opened, heartbeat by heartbeat. */
export function useLoadCourses(): ReadonlyMap<string, readonly LoadSample[]> {
  const [courses, setCourses] = useState<ReadonlyMap<string, readonly LoadSample[]>>(new Map());
  useEffect(() => {
    const feed = feedOf('stations.watch');
    const take = () => setCourses((before) => withSamples(before, feed.store.getState().items.values()));
    take();
    const unsubscribe = feed.store.subscribe(take);
    const release = feed.hold();
    return () => {
      unsubscribe();
      release();
    };
  }, []);
  return courses;
}
