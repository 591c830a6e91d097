import { type ReactNode, useState } from 'react';
import { cx } from './cx.ts';
import { SheetContainer } from './sheet.tsx';

export interface PageProps {
  title: string;
  /** A count or a path after the title. */
  meta?: ReactNode;
  /** The state of what the page shows. */
  badge?: ReactNode;
  /** Plain, outlined, then the one filled button. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A view: header of 52 and its content, which is also where a sheet of the view lies. */
export function Page({ title, meta, badge, actions, children }: PageProps): ReactNode {
  // State and not a ref: a sheet that is open from the start waits for the content it lies in.
  const [content, setContent] = useState<HTMLDivElement | null>(null);
  return (
    <section aria-label={title} className="flex h-full min-h-0 flex-col">
      <header className="flex h-52 shrink-0 items-center gap-8 border-b border-hairline pr-16 pl-20">
        <h1 className="truncate text-title text-1">{title}</h1>
        {badge}
        {meta !== undefined && <span className="shrink-99 truncate text-body text-3">{meta}</span>}
        <div className="ml-auto flex shrink-0 items-center gap-8">{actions}</div>
      </header>
      <SheetContainer value={content}>
        <div ref={setContent} className="relative flex min-h-0 flex-1 flex-col">
          {children}
        </div>
      </SheetContainer>
    </section>
  );
}

/** The line of 44 under the header: filter, chips, view switch. */
export function Toolbar({ children }: { children: ReactNode }): ReactNode {
  return (
    <div
      role="toolbar"
      aria-label="Filter and view"
      className="flex h-44 shrink-0 items-center gap-8 border-b border-hairline pr-16 pl-20"
    >
      {children}
    </div>
  );
}

/** The head of a region inside a page: 36 high, a title, a weaker count, actions at the right. */
export function RegionHead(props: {
  title: ReactNode;
  meta?: ReactNode;
  children?: ReactNode;
  line?: boolean;
}): ReactNode {
  return (
    <div
      className={cx(
        'flex h-36 shrink-0 items-center gap-8 px-16',
        props.line !== false && 'border-b border-hairline',
      )}
    >
      <h2 className="text-small font-semibold text-1">{props.title}</h2>
      {props.meta !== undefined && <span className="figures text-small text-3">{props.meta}</span>}
      <div className="ml-auto flex items-center gap-8">{props.children}</div>
    </div>
  );
}
