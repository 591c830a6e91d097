import type { BrowserWindow } from 'electron';
import type { LiveDelta, LiveSource } from '../../src-shared/live.ts';
import type { WorkView } from '../../src-shared/views/work.ts';
import { Notifier } from './notifier.ts';
import { WorkNotices } from './work-notices.ts';
import { needsPerson, type WorkTally } from './work-tally.ts';

/** Time in which several changes are told together, in milliseconds. */
const GATHER_MS = 500;
/** The key of the one notification that stands for several works. */
const SEVERAL = 'several';
/** What `setProgressBar` takes for no bar, and for one that only moves. */
const NO_BAR = -1;
const MOVING_BAR = 2;

export interface WorkAlertsOptions {
  works: LiveSource<WorkView>;
  tally: WorkTally;
  window: BrowserWindow;
  /** Opens a work in the window, or all of them. */
  open(workId?: string): void;
}

/** Tells of works that wait for a person while the window is not in focus, and shows in the taskbar how far the running ones are. */
export function followWorkAlerts({ works, tally, window, open }: WorkAlertsOptions): Disposable {
  const notices = new WorkNotices();
  const notifier = new Notifier();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let bar = NO_BAR;

  const flush = () => {
    timer = undefined;
    if (window.isDestroyed()) return;
    const fresh = notices.take();
    if (!window.isFocused())
      for (const { workId, title, body } of fresh)
        notifier.show(workId ?? SEVERAL, { title, body }, () => open(workId));
    if (tally.waiting.length === 0) notifier.withdraw(SEVERAL);
    const next = barOf(tally);
    if (next !== bar) window.setProgressBar(next);
    bar = next;
  };
  const take = (delta: LiveDelta<WorkView>) => {
    notices.apply(delta);
    for (const id of delta.removes) notifier.withdraw(id);
    for (const work of delta.upserts) if (!needsPerson(work)) notifier.withdraw(work.id);
    timer ??= setTimeout(flush, GATHER_MS);
  };
  const following = works.on(take);
  take({ upserts: works.snapshot(), removes: [] });
  return {
    [Symbol.dispose]() {
      following[Symbol.dispose]();
      clearTimeout(timer);
      notifier[Symbol.dispose]();
      if (!window.isDestroyed()) window.setProgressBar(NO_BAR);
    },
  };
}

/** What the taskbar shows: the mean of what is known, a moving bar when nothing is, and none when nothing runs. */
function barOf({ running, percent }: WorkTally): number {
  if (running === 0) return NO_BAR;
  return percent === undefined ? MOVING_BAR : Math.round(percent) / 100;
}
