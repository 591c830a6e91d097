import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { keyText } from './keys.ts';

/** The keys of an action, for example `Mod+K`; `onAccent` when it stands on a filled button. */
export function KeyHint({ keys, onAccent }: { keys: string; onAccent?: boolean }): ReactNode {
  return (
    <kbd
      aria-hidden
      className={cx(
        'inline-flex h-16 min-w-16 shrink-0 items-center justify-center rounded-hint border px-4 font-sans text-tiny',
        onAccent ? 'border-white/40 text-white' : 'border-border text-3',
      )}
    >
      {keyText(keys)}
    </kbd>
  );
}
