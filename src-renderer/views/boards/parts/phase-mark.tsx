import type { ReactNode } from 'react';
import type { BoardColumn } from '../../../../src-shared/views/board.ts';
import { Glyph } from '../../../ui/glyph.tsx';

/** The shape of a column: not begun, being worked on, waiting for somebody, over. `label` names it where no word does. */
export function PhaseMark(props: {
  column: Pick<BoardColumn, 'phase' | 'status'> | undefined;
  label?: string | undefined;
}): ReactNode {
  const { column, label } = props;
  if (column?.phase === 'active')
    return (
      <svg
        role="img"
        aria-label={label}
        aria-hidden={label === undefined}
        width={12}
        height={12}
        viewBox="0 0 16 16"
        className="shrink-0 text-run-fill"
      >
        <circle cx="8" cy="8" r="5.75" fill="none" stroke="currentColor" strokeWidth="1.75" />
        <circle cx="8" cy="8" r="2.5" fill="currentColor" />
      </svg>
    );
  if (column?.phase === 'stuck') return <Glyph status="escalated" size={12} label={label} />;
  if (column?.phase !== 'over') return <Glyph status="queued" size={12} label={label} />;
  return <Glyph status={column.status === 'cancelled' ? 'cancelled' : 'completed'} size={12} label={label} />;
}
