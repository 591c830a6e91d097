import type { KeyboardEventHandler } from 'react';

/** What makes the cards of a column one stop of the keyboard; without cards it only takes the focus. */
export function columnProps(list: {
  id: string;
  label: string;
  cards: number;
  active: string | undefined;
  onKeyDown: KeyboardEventHandler<HTMLElement>;
}) {
  const frame = { id: list.id, tabIndex: 0, 'aria-label': list.label, onKeyDown: list.onKeyDown } as const;
  if (list.cards === 0) return { ...frame, role: 'group' } as const;
  return { ...frame, role: 'listbox', 'aria-activedescendant': list.active } as const;
}
