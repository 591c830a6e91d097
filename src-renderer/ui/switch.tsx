import { Switch as BaseSwitch } from '@base-ui/react/switch';
import type { ReactNode } from 'react';

export interface SwitchProps {
  on: boolean;
  onChange(on: boolean): void;
  /** The word beside it, for example *On* or *Off. Changes are real.* */
  word: ReactNode;
  /** Its name for a screen reader when no Field names it. */
  label?: string;
  disabled?: boolean;
}

/** A switch of 28 by 16 with a word for its state. */
export function Switch({ on, onChange, word, label, disabled = false }: SwitchProps): ReactNode {
  return (
    <span className="inline-flex items-center gap-8">
      <BaseSwitch.Root
        checked={on}
        onCheckedChange={onChange}
        disabled={disabled}
        aria-label={label}
        className="inline-flex h-16 w-28 shrink-0 items-center rounded-full bg-control p-2 transition-colors duration-120 ease-enter data-checked:bg-accent data-disabled:opacity-50"
      >
        <BaseSwitch.Thumb className="block size-12 rounded-full bg-segment transition-transform duration-120 ease-enter data-checked:translate-x-12 data-checked:bg-on-accent" />
      </BaseSwitch.Root>
      <span className="text-body text-3">{word}</span>
    </span>
  );
}
