import type { ReactNode } from 'react';
import { cx } from '../../ui/cx.ts';
import { count } from '../../ui/format.ts';
import type { DiffLine, FileDiff } from './diff-lines.ts';

/** Lines that are put into the page; a person opens the file for more. */
const SHOWN = 400;

const LOOK: Record<DiffLine['kind'], { row: string; sign: string; word: string }> = {
  same: { row: 'text-2', sign: ' ', word: '' },
  added: { row: 'bg-good-subtle text-1', sign: '+', word: 'added' },
  removed: { row: 'bg-fail-subtle text-1', sign: '−', word: 'removed' },
  gap: { row: 'text-3', sign: '⋯', word: 'lines left out' },
};

/** How many lines came and went: `+3 −1`. */
export function DiffCount({ diff }: { diff: FileDiff }): ReactNode {
  return (
    <span className="figures shrink-0 text-small">
      <span className="text-good">+{count(diff.added)}</span>{' '}
      <span className="text-fail">−{count(diff.removed)}</span>
    </span>
  );
}

/** The changed lines of one file. */
export function DiffView({ path, diff }: { path: string; diff: FileDiff }): ReactNode {
  const shown = diff.lines.slice(0, SHOWN);
  return (
    <figure className="overflow-hidden rounded-control border border-border">
      <figcaption className="flex h-28 items-center gap-8 border-b border-hairline bg-surface px-10">
        <code className="takeable min-w-0 truncate font-mono text-mono-small text-2">{path}</code>
        <span className="ml-auto" />
        <DiffCount diff={diff} />
      </figcaption>
      <div className="overflow-x-auto bg-inset py-4">
        <div className="min-w-max font-mono text-mono">
          {shown.map((line) => {
            const look = LOOK[line.kind];
            return (
              <div key={line.key} className={cx('flex h-18 whitespace-pre', look.row)}>
                <span className="figures w-44 shrink-0 pr-8 text-right text-3 select-none">
                  {line.number}
                </span>
                <span aria-hidden className="w-14 shrink-0 text-3">
                  {look.sign}
                </span>
                {look.word !== '' && <span className="sr-only">{look.word}: </span>}
                <span className="takeable pr-16">{line.text}</span>
              </div>
            );
          })}
        </div>
      </div>
      {diff.lines.length > SHOWN && (
        <p className="border-t border-hairline px-10 py-4 text-small text-3">
          The first {count(SHOWN)} of {count(diff.lines.length)} lines.
        </p>
      )}
    </figure>
  );
}
