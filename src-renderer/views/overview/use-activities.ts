import { useMemo } from 'react';
import type { RunView } from '../../../src-shared/views/run.ts';
import { groupBy } from '../../data/group-by.ts';
import { useWorkGroup } from '../../data/works.ts';
import { type Activity, askingNow, runningNow } from './activity.ts';

/** What runs now, newest first, and what each station has, with what asks a person first. */
export function useActivities(runs: readonly RunView[]): {
  running: readonly Activity[];
  byStation: ReadonlyMap<string, readonly Activity[]>;
} {
  const works = useWorkGroup('running');
  const waiting = useWorkGroup('needs_you');
  const running = useMemo(() => runningNow(works, runs), [works, runs]);
  const byStation = useMemo(
    () => groupBy([...askingNow(waiting), ...running], (activity) => activity.station_id ?? ''),
    [waiting, running],
  );
  return { running, byStation };
}
