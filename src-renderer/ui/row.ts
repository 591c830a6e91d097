import { cx } from './cx.ts';

/** Looks of a row that can be selected; it must be positioned, and its list must be a `group/list`. */
export function rowClass(selected: boolean, className?: string): string {
  return cx(
    'border-b border-hairline',
    selected
      ? 'bg-selected shadow-[inset_2px_0_0_var(--color-accent-text)] group-focus-visible/list:outline-2 group-focus-visible/list:-outline-offset-2 group-focus-visible/list:outline-accent-text'
      : 'hover:bg-hover',
    className,
  );
}

/** The frame of such a list: the selected row shows the keyboard focus, without one the frame does. */
export function listClass(hasSelected: boolean, className?: string): string {
  return cx('group/list', hasSelected ? 'outline-none' : '-outline-offset-2', className);
}
