import type { ReactNode } from 'react';

/** The status bar: facts at both ends, parted by hairlines. */
export function StatusFrame({ left, right }: { left: ReactNode; right: ReactNode }): ReactNode {
  return (
    <section
      data-region
      tabIndex={-1}
      aria-label="Status"
      className="figures col-span-full flex h-28 items-stretch border-t border-hairline bg-rail text-small text-2 outline-none"
    >
      <div className="flex min-w-0 items-stretch divide-x divide-hairline pl-8">{left}</div>
      <div className="ml-auto flex shrink-0 items-stretch divide-x divide-hairline border-l border-hairline pr-8">
        {right}
      </div>
    </section>
  );
}

const FRAME = 'flex min-w-0 items-center gap-6 px-10 whitespace-nowrap';

/** One fact of the status bar; with `onOpen` it opens the view that tells more. */
export function StatusSegment(props: { children: ReactNode; label?: string; onOpen?(): void }): ReactNode {
  if (props.onOpen === undefined) return <div className={FRAME}>{props.children}</div>;
  return (
    <button
      type="button"
      title={props.label}
      onClick={props.onOpen}
      className={`${FRAME} transition-colors duration-80 -outline-offset-2 hover:bg-hover`}
    >
      {props.children}
    </button>
  );
}
