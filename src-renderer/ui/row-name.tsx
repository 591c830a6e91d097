import type { MouseEvent, ReactNode } from 'react';
import { Glyph } from './glyph.tsx';
import type { Status } from './status.ts';

export interface RowNameProps {
  name: string;
  /** How the thing of this row is now, as a glyph and a word for who does not see it. */
  state: { status: Status; word: string };
  onOpen(): void;
  /** What stands beside the name. */
  children?: ReactNode;
}

/** The name in a row of a table; a click anywhere on the row is a click on it. */
export function RowName({ name, state, onOpen, children }: RowNameProps): ReactNode {
  const open = (event: MouseEvent<HTMLElement>) => {
    event.currentTarget.closest<HTMLElement>('[role="grid"]')?.focus();
    onOpen();
  };
  return (
    <span className="flex items-center gap-8">
      <Glyph status={state.status} size={14} label={state.word} />
      <button
        type="button"
        tabIndex={-1}
        onClick={open}
        title={name}
        className="truncate text-body font-medium text-1 after:absolute after:inset-0"
      >
        {name}
      </button>
      {children}
    </span>
  );
}
