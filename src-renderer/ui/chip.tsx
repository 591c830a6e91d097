import { Plus } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';

const FRAME =
  'inline-flex h-24 shrink-0 items-center gap-5 rounded-control border px-8 text-small font-medium duration-80';

export interface ChipProps extends Omit<ComponentProps<'button'>, 'type'> {
  /** Whether what the chip stands for is chosen. */
  on?: boolean;
}

/** A filter or choice that is on or off. */
export function Chip({ on = false, className, ...rest }: ChipProps): ReactNode {
  const colours = on
    ? 'border-accent-line bg-accent-subtle text-accent-text'
    : 'border-border bg-surface text-2 hover:bg-hover';
  return <button type="button" aria-pressed={on} className={cx(FRAME, colours, className)} {...rest} />;
}

/** The dashed chip that adds a filter. */
export function AddChip({ children, className, ...rest }: Omit<ComponentProps<'button'>, 'type'>): ReactNode {
  return (
    <button
      type="button"
      className={cx(FRAME, 'border-dashed border-border text-3 hover:bg-hover hover:text-2', className)}
      {...rest}
    >
      <Icon icon={Plus} size={12} />
      {children}
    </button>
  );
}
