import { ScrollArea } from '@base-ui/react/scroll-area';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

export interface ScrollRegionProps {
  /** Its name for a screen reader. */
  label: string;
  className?: string;
  children: ReactNode;
}

/** Content that scrolls by itself where it does not fit; the keyboard can then reach and move it. */
export function ScrollRegion({ label, className, children }: ScrollRegionProps): ReactNode {
  return (
    <ScrollArea.Root className={cx('flex min-h-0 flex-col', className)}>
      <ScrollArea.Viewport
        role="region"
        aria-label={label}
        // The native bar of the system stays: it is thin, and it hides where the system hides bars.
        style={{ overflow: 'hidden auto' }}
        className="min-h-0 flex-1 rounded-control -outline-offset-2"
      >
        {children}
      </ScrollArea.Viewport>
    </ScrollArea.Root>
  );
}
