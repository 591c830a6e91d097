import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon, type IconType } from './icon.tsx';
import { KeyHint } from './key-hint.tsx';
import { Spinner } from './spinner.tsx';
import { Tip } from './tooltip.tsx';

/** `main` once per region; `destroy` only confirms in a dialog that destroys. */
export type ButtonVariant = 'main' | 'outlined' | 'plain' | 'danger' | 'destroy';
/** `small` in cards and panels, `large` in forms. */
export type ButtonSize = 'small' | 'normal' | 'large';

const VARIANTS: Record<ButtonVariant, string> = {
  main: 'bg-accent text-on-accent not-aria-disabled:hover:bg-accent-hover',
  outlined: 'border border-border bg-surface text-1 not-aria-disabled:hover:bg-hover',
  plain: 'text-2 not-aria-disabled:hover:bg-hover not-aria-disabled:hover:text-1',
  danger: 'border border-border bg-surface text-fail not-aria-disabled:hover:bg-hover',
  destroy: 'bg-danger text-on-accent not-aria-disabled:hover:brightness-110',
};
const DISABLED: Record<ButtonVariant, string> = {
  main: 'border border-border bg-surface text-off',
  outlined: 'border border-border bg-surface text-off',
  plain: 'text-off',
  danger: 'border border-border bg-surface text-off',
  destroy: 'border border-border bg-surface text-off',
};
const SIZES: Record<ButtonSize, string> = {
  small: 'h-24 px-8 text-small',
  normal: 'h-28 px-10 text-body',
  large: 'h-32 px-12 text-body',
};

const FACE = 'col-start-1 row-start-1 inline-flex items-center gap-6';

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  variant?: ButtonVariant;
  size?: ButtonSize;
  icon?: IconType | undefined;
  /** Keys to hint at, for example `Mod+S`. */
  shortcut?: string | undefined;
  busy?: boolean;
  /** What it does while busy, for example *Saving*. */
  busyLabel?: string;
  /** Why it cannot be pressed now; undefined when it can. */
  disabledReason?: string | undefined;
}

/** A button; its width stays while busy, and its tooltip says why it is disabled. */
export function Button(props: ButtonProps): ReactNode {
  const { variant = 'outlined', size = 'normal', icon, shortcut, busy = false, busyLabel, ...more } = props;
  const { disabledReason, children, className, onClick, type = 'button', ...rest } = more;
  const off = disabledReason !== undefined;
  const onFill = variant === 'main' || variant === 'destroy';
  const button = (
    <button
      {...rest}
      type={type}
      aria-disabled={off || busy || undefined}
      aria-busy={busy || undefined}
      aria-description={disabledReason ?? rest['aria-description']}
      onClick={off || busy ? (event) => event.preventDefault() : onClick}
      className={cx(
        'inline-flex shrink-0 items-center justify-center gap-6 rounded-control font-medium whitespace-nowrap transition-colors duration-80',
        SIZES[size],
        off ? DISABLED[variant] : VARIANTS[variant],
        className,
      )}
    >
      {/* Both faces share one cell, so that the width stays. */}
      <span className="grid justify-items-center">
        <span className={cx(FACE, busy && busyLabel !== undefined && 'invisible')}>
          {busy && busyLabel === undefined ? <Spinner /> : icon !== undefined && <Icon icon={icon} />}
          {children}
        </span>
        {busyLabel !== undefined && (
          <span className={cx(FACE, !busy && 'invisible')} aria-hidden={!busy}>
            <Spinner />
            {busyLabel}
          </span>
        )}
      </span>
      {shortcut !== undefined && !off && <KeyHint keys={shortcut} onAccent={onFill} />}
    </button>
  );
  return off ? <Tip text={disabledReason}>{button}</Tip> : button;
}
