import type { KeyboardEvent } from 'react';

export interface ListKeys {
  /** Keys of the rows from top to bottom, or how to tell them when there are many. */
  keys: readonly string[] | (() => readonly string[]);
  selected: string | undefined;
  onSelect(key: string): void;
  onOpen?: ((key: string) => void) | undefined;
  onPeek?: ((key: string) => void) | undefined;
  /** How many rows a page has. */
  page?: number;
}

/** Where a key leads from the row at `index` (-1 when none is selected), or undefined when it moves nothing. */
export function moveBy(key: string, index: number, length: number, page: number): number | undefined {
  const to = (next: number) => Math.min(Math.max(next, 0), length - 1);
  if (length === 0) return undefined;
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return to(index + 1);
    case 'ArrowUp':
    case 'k':
      return index < 0 ? length - 1 : to(index - 1);
    case 'PageDown':
      return to(index + page);
    case 'PageUp':
      return to(index - page);
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return undefined;
  }
}

/** Keyboard of a list: arrows or J K move, Enter opens, Space peeks. Keys of controls inside a row stay theirs. */
export function useListKeys({ keys: told, selected, onSelect, onOpen, onPeek, page = 10 }: ListKeys) {
  return (event: KeyboardEvent<HTMLElement>): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = typeof told === 'function' ? told() : told;
    const index = selected === undefined ? -1 : keys.indexOf(selected);
    const next = moveBy(event.key, index, keys.length, page);
    const target = next === undefined ? undefined : keys[next];
    if (target !== undefined) onSelect(target);
    else if (event.key === 'Enter' && selected !== undefined && index >= 0) onOpen?.(selected);
    else if (event.key === ' ' && selected !== undefined && index >= 0) (onPeek ?? onOpen)?.(selected);
    else return;
    event.preventDefault();
  };
}
