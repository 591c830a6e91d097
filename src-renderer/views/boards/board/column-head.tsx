import { CircleSlash2, FoldHorizontal, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { count } from '../../../ui/format.ts';
import { Icon } from '../../../ui/icon.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import type { FilledColumn } from '../logic/columns.ts';

export interface ColumnHeadProps {
  filled: FilledColumn;
  readOnly: string | undefined;
  onWrite(): void;
  onFold(): void;
}

function howMany({ column, cards, count: all }: FilledColumn): string {
  const shown = cards.length === all ? count(all) : `${count(cards.length)} of ${count(all)}`;
  return column.limit === undefined || cards.length !== all
    ? shown
    : `${count(all)} of ${count(column.limit)}`;
}

/** The head of a column, 32 high: name, count under its limit, and what can be done with it. */
export function ColumnHead({ filled, readOnly, onWrite, onFold }: ColumnHeadProps): ReactNode {
  const { column, full } = filled;
  return (
    <header className="group/head flex h-32 shrink-0 items-center gap-8 px-4">
      <h2 title={column.description} className="truncate text-body font-semibold text-1">
        {column.name}
      </h2>
      <span className="figures shrink-0 text-small text-3">{howMany(filled)}</span>
      {full && (
        <span className="inline-flex h-18 shrink-0 items-center gap-4 rounded-hint border border-late-line bg-late-subtle px-5 text-tiny text-late">
          <Icon icon={CircleSlash2} size={12} />
          Full
        </span>
      )}
      <span className="ml-auto inline-flex shrink-0 items-center">
        <IconButton
          icon={FoldHorizontal}
          size={24}
          label={`Fold ${column.name}`}
          onClick={onFold}
          className="sr-only group-hover/head:not-sr-only focus-visible:not-sr-only"
        />
        <IconButton
          icon={Plus}
          size={24}
          label={`New task in ${column.name}`}
          disabledReason={readOnly}
          onClick={onWrite}
        />
      </span>
    </header>
  );
}
