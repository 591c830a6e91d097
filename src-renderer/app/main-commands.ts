import { useEffect } from 'react';
import { feedOf } from '../data/live.ts';
import { toast } from '../ui/toast.tsx';
import { runCommand } from './commands.ts';

const SEEN = 'commands-seen';

/**
 * Runs each command that menu, tray, deep link or a second start sent, once, also after the page was loaded again.
 * It listens only when `ready`: what a command may do depends on what this machine is.
 */
export function useCommandsFromMain(ready: boolean): void {
  useEffect(() => {
    if (!ready) return;
    const feed = feedOf('commands.watch');
    let seen = Number(sessionStorage.getItem(SEEN) ?? -1);
    const unsubscribe = feed.store.subscribe(({ items }) => {
      for (const { seq, command, argument } of items.values()) {
        if (seq <= seen) continue;
        seen = seq;
        sessionStorage.setItem(SEEN, String(seq));
        if (!runCommand(command, argument) && command === 'node.join')
          toast({ status: 'late', title: 'Leave this lattice first, then open the link again.' });
      }
    });
    const release = feed.hold();
    return () => {
      unsubscribe();
      release();
    };
  }, [ready]);
}
