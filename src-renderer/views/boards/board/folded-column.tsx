import { useDroppable } from '@dnd-kit/core';
import { UnfoldHorizontal } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MoveVerdict } from '../../../../src-shared/views/board.ts';
import { cx } from '../../../ui/cx.ts';
import { count } from '../../../ui/format.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Tip } from '../../../ui/tooltip.tsx';
import type { FilledColumn } from '../logic/columns.ts';

/** A column that is folded to 36: its count and its name upright; a card can still be dropped on it. */
export function FoldedColumn(props: {
  filled: FilledColumn;
  verdict: MoveVerdict | undefined;
  onUnfold(): void;
}): ReactNode {
  const { filled, verdict, onUnfold } = props;
  const { setNodeRef, isOver } = useDroppable({ id: `status:${filled.column.status}` });
  const asks = filled.asking > 0;
  const refused = verdict?.allowed === false;
  return (
    <Tip text={refused ? verdict.reason : `Show ${filled.column.name}`}>
      <button
        ref={setNodeRef}
        type="button"
        onClick={onUnfold}
        aria-label={`Show ${filled.column.name}, ${filled.count} tasks${asks ? `, ${filled.asking} need a person` : ''}`}
        className={cx(
          'flex w-36 shrink-0 flex-col items-center gap-8 self-stretch rounded-card border bg-rail py-10 text-3 transition-colors duration-80 hover:text-1',
          isOver
            ? refused
              ? 'border-fail-line'
              : 'border-accent-text'
            : asks
              ? 'border-ask-line'
              : 'border-border',
          refused && 'opacity-60',
        )}
      >
        <Icon icon={UnfoldHorizontal} size={14} />
        <span
          className={cx(
            'figures grid h-18 min-w-18 place-items-center rounded-full px-4 text-tiny',
            asks ? 'border border-ask-line bg-ask-subtle text-ask' : 'bg-track text-2',
          )}
        >
          {count(filled.cards.length)}
        </span>
        <span className="text-small font-semibold text-2 [writing-mode:vertical-rl]">
          {filled.column.name}
        </span>
      </button>
    </Tip>
  );
}
