import type { ReactNode } from 'react';
import { useViewState } from '../data/view-state.ts';
import { useDiskNotice } from '../views/routing/state/use-disk-notice.ts';
import { ConnectionBanner } from './connection-banner.tsx';
import { Rail } from './rail.tsx';
import { StatusBar } from './status-bar.tsx';
import { useCompact } from './use-compact.ts';

/** The frame around every view but Welcome: rail, content, status bar. */
export function Shell({ children }: { children: ReactNode }): ReactNode {
  const folded = useViewState((state) => state.railFolded);
  const compact = useCompact();
  useDiskNotice();
  return (
    <div className="grid h-full grid-cols-[auto_minmax(0,1fr)] grid-rows-[minmax(0,1fr)_28px]">
      <Rail narrow={folded || compact} />
      <main data-region tabIndex={-1} className="flex min-w-0 flex-col bg-page outline-none">
        <ConnectionBanner />
        <div className="min-h-0 flex-1">{children}</div>
      </main>
      <StatusBar />
    </div>
  );
}
