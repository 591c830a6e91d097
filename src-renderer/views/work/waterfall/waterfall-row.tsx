import { ChevronDown, ChevronRight, Wrench } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../../../ui/cx.ts';
import { duration, plural } from '../../../ui/format.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { STATUSES, TONE_TEXT } from '../../../ui/status.ts';
import { BarShape } from './bar.tsx';
import type { Row } from './rows.ts';
import { type Stretch, shareOf } from './scale.ts';

/** How much a level is moved in, in pixels. */
const INDENT = 14;

export interface WaterfallRowProps {
  row: Row;
  view: Stretch;
  now: number;
  /** Width of the chart in pixels. */
  width: number;
  onFold(id: string): void;
}

function Lead({ row, onFold }: Pick<WaterfallRowProps, 'row' | 'onFold'>): ReactNode {
  return (
    <>
      {row.fold !== 'none' && row.depth > 0 && (
        <span
          aria-hidden
          onMouseDown={(event) => {
            event.stopPropagation();
            onFold(row.id);
          }}
          className="-ml-2 text-3 hover:text-1"
        >
          <Icon icon={row.fold === 'open' ? ChevronDown : ChevronRight} size={12} />
        </span>
      )}
      {row.status === undefined ? (
        <Icon icon={Wrench} size={12} className="text-3" />
      ) : (
        <Glyph status={row.status} size={13} label={STATUSES[row.status].word} />
      )}
    </>
  );
}

/** One row: what, where it runs, its bars, and how long. */
export function WaterfallRow({ row, view, now, width, onFold }: WaterfallRowProps): ReactNode {
  const end = row.end ?? now;
  const last = row.bars.at(-1);
  const noteAt = last === undefined ? 0 : shareOf(view, last.end ?? now);
  return (
    <div className="flex h-full items-center">
      <div
        className="flex w-(--label) min-w-0 shrink-0 items-center gap-8 pr-8"
        style={{ paddingLeft: row.depth === 0 ? 0 : 6 + row.depth * INDENT }}
      >
        <Lead row={row} onFold={onFold} />
        <span
          className={cx(
            'truncate text-1',
            row.kind === 'step'
              ? 'min-w-0 font-mono text-mono-small'
              : 'max-w-full shrink-0 text-small font-semibold',
          )}
          title={row.label}
        >
          {row.label}
        </span>
        {row.place !== undefined && (
          <span className="-ml-2 min-w-0 truncate text-small text-3" title={row.place}>
            {row.place}
          </span>
        )}
        {row.fold === 'folded' && <span className="text-small text-3">…</span>}
      </div>
      <div aria-hidden className="relative h-full min-w-0 flex-1 overflow-hidden">
        {row.bars.map((bar) => (
          <BarShape key={bar.id} bar={bar} view={view} now={now} width={width} />
        ))}
        {row.note !== undefined && noteAt < 1 && (
          <span
            className={cx(
              'absolute top-1/2 -translate-y-1/2 truncate pl-5 text-tiny font-normal',
              TONE_TEXT[row.note.tone],
            )}
            style={{ left: `${Math.max(0, noteAt) * 100}%`, right: 0 }}
          >
            {row.note.text}
          </span>
        )}
      </div>
      {row.note !== undefined && <span className="sr-only">{row.note.text}</span>}
      {row.kind === 'work' && row.fold !== 'none' && (
        <span className="sr-only">{plural(row.bars.length, 'part')}</span>
      )}
      <span className="figures w-76 shrink-0 text-right text-small text-3">
        {duration(Math.max(0, end - row.start))}
      </span>
    </div>
  );
}
