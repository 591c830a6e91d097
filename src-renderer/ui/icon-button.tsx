import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon, type IconType } from './icon.tsx';
import { keyText } from './keys.ts';
import { Tip } from './tooltip.tsx';

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label' | 'disabled'> {
  icon: IconType;
  /** What it does: its name for a screen reader and its tooltip. */
  label: string;
  shortcut?: string;
  variant?: 'outlined' | 'plain';
  size?: 20 | 24 | 28;
  on?: boolean;
  disabledReason?: string | undefined;
}

const SIZES = { 20: 'size-20', 24: 'size-24', 28: 'size-28' } as const;

/** A button of one icon, always with a name and a tooltip. */
export function IconButton(props: IconButtonProps): ReactNode {
  const { icon, label, shortcut, variant = 'plain', size = 28, on, disabledReason, ...more } = props;
  const { className, onClick, ...rest } = more;
  const off = disabledReason !== undefined;
  const hint = shortcut === undefined ? label : `${label} (${keyText(shortcut)})`;
  return (
    <Tip text={disabledReason ?? hint}>
      <button
        {...rest}
        type="button"
        aria-label={label}
        aria-pressed={on}
        aria-disabled={off || undefined}
        onClick={off ? undefined : onClick}
        className={cx(
          'inline-flex shrink-0 items-center justify-center rounded-control transition-colors duration-80',
          SIZES[size],
          variant === 'outlined' ? 'border border-border bg-surface text-1' : 'text-3 hover:text-1',
          off ? 'text-off' : 'hover:bg-hover',
          className,
        )}
      >
        <Icon icon={icon} size={size === 20 ? 12 : 14} />
      </button>
    </Tip>
  );
}
