import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Glyph } from './glyph.tsx';
import { STATUSES, type Status, TONE_LINE, TONE_SUBTLE } from './status.ts';

/** A line of 36 on top of content that is kept: what is the matter, and one way on. */
export function Banner(props: { status: Status; children: ReactNode; action?: ReactNode }): ReactNode {
  const { tone } = STATUSES[props.status];
  return (
    <div
      role="status"
      className={cx(
        'flex h-36 shrink-0 items-center gap-10 border-b px-20 text-body text-1',
        TONE_LINE[tone],
        TONE_SUBTLE[tone],
      )}
    >
      <Glyph status={props.status} size={13} />
      <span className="min-w-0 flex-1 truncate">{props.children}</span>
      {props.action}
    </div>
  );
}

/** A text button inside a line, for example in a banner. */
export function LinkButton({ children, onClick }: { children: ReactNode; onClick(): void }): ReactNode {
  return (
    <button
      type="button"
      onClick={onClick}
      className="shrink-0 rounded-hint text-small font-medium text-accent-text hover:underline"
    >
      {children}
    </button>
  );
}
