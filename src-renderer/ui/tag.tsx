import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { TONE_LINE, TONE_TEXT, type Tone } from './status.ts';

/** A small outlined word: a runner, a capability, a fact. */
export function Tag({
  children,
  tone,
  mono,
}: {
  children: ReactNode;
  tone?: Tone;
  mono?: boolean;
}): ReactNode {
  const colours = tone === undefined ? 'border-border text-2' : cx(TONE_LINE[tone], TONE_TEXT[tone]);
  return (
    <span
      className={cx(
        'inline-flex h-18 max-w-full shrink-0 items-center truncate rounded-hint border px-5 text-tiny',
        mono && 'font-mono',
        colours,
      )}
    >
      {children}
    </span>
  );
}
