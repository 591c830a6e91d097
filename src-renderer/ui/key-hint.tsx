import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { keyText } from './keys.ts';

/** The keys of an action, for example `Mod+K`; `onAccent` when it stands on a filled button. */
export function KeyHint(props: {
  keys: string;
  onAccent?: boolean;
  /** Also for a screen reader: where the keys are the content and not a hint. */
  spoken?: boolean;
}): ReactNode {
  const { keys, onAccent, spoken } = props;
  return (
    <kbd
      aria-hidden={!spoken}
      className={cx(
        'inline-flex h-16 min-w-16 shrink-0 items-center justify-center rounded-hint border px-4 font-sans text-tiny',
        onAccent ? 'border-on-accent/40 text-on-accent' : 'border-border text-3',
      )}
    >
      {keyText(keys)}
    </kbd>
  );
}
