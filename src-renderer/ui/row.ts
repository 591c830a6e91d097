import { cx } from './cx.ts';

/** Looks of a row that can be selected: the list that holds it marks keyboard focus with `group/list`. */
export function rowClass(selected: boolean, className?: string): string {
  return cx(
    'relative border-b border-hairline',
    selected
      ? 'bg-selected before:absolute before:inset-y-0 before:left-0 before:w-2 before:bg-accent-text group-focus-visible/list:outline-2 group-focus-visible/list:-outline-offset-2 group-focus-visible/list:outline-accent-text'
      : 'hover:bg-hover',
    className,
  );
}
