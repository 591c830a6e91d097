import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useId, useMemo, useRef, useState } from 'react';
import type { WorkSpan } from '../../../../src-shared/views/work-timeline.ts';
import { useCompact } from '../../../app/use-compact.ts';
import { LinkButton } from '../../../ui/banner.tsx';
import { clock, duration } from '../../../ui/format.ts';
import { GRID_CELL, gridProps, gridRowProps } from '../../../ui/grid-roles.ts';
import { useNow } from '../../../ui/now.ts';
import { rowClass } from '../../../ui/row.ts';
import { useListKeys } from '../../../ui/use-list-keys.ts';
import { type Row, waterfallRows } from './rows.ts';
import { shareOf, ticksOf, wholeOf } from './scale.ts';
import type { StepSpan } from './steps.ts';
import { useWidth } from './use-width.ts';
import { useZoom } from './use-zoom.ts';
import { WaterfallRow } from './waterfall-row.tsx';

export interface WaterfallProps {
  spans: readonly WorkSpan[];
  steps: readonly StepSpan[];
  /** Whether the work goes on, so that there is a *now*. */
  runs: boolean;
  /** Called with a row that was opened: a sub-work, or a part of the own output. */
  onOpen(row: Row): void;
}

/** Clock of the chart: it ticks while the work goes on, never behind what it shows, else it stands at the end. */
function useChartNow({ runs, spans, steps }: Pick<WaterfallProps, 'runs' | 'spans' | 'steps'>): number {
  const now = useNow();
  const latest = (span: WorkSpan): number =>
    Math.max(span.start, span.end ?? 0, ...span.children.map((child) => latest(child)));
  const end = Math.max(0, ...spans.map(latest));
  return runs ? Math.max(now, end, ...steps.map(({ start }) => start)) : end;
}

/** Where the time of a work went: queue, attempts, steps, questions and sub-works on one axis. */
export function Waterfall({ spans, steps, runs, onOpen }: WaterfallProps): ReactNode {
  const compact = useCompact();
  const height = compact ? 23 : 26;
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const chart = useRef<HTMLDivElement>(null);
  const [widthRef, width] = useWidth();
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [selected, setSelected] = useState<string>();
  const now = useChartNow({ runs, spans, steps });
  const rows = useMemo(() => waterfallRows(spans, steps, folded), [spans, steps, folded]);
  const whole = wholeOf(spans, now);
  const start = spans[0]?.start ?? now;
  const zoom = useZoom(whole, { frame, chart });
  const ticks = ticksOf(zoom.view, start, width);
  const nowShare = shareOf(zoom.view, now);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => height,
    getItemKey: (index) => `${height}:${rows[index]?.id ?? index}`,
    overscan: 12,
    scrollPaddingStart: 30,
  });

  const fold = (row: string, to?: boolean) =>
    setFolded((before) => {
      const next = new Set(before);
      if (to ?? !before.has(row)) next.add(row);
      else next.delete(row);
      return next;
    });
  const keys = rows.map((row) => row.id);
  const open = (key: string) => {
    const row = rows.find((candidate) => candidate.id === key);
    if (row !== undefined) onOpen(row);
  };
  const select = (key: string) => {
    setSelected(key);
    virtual.scrollToIndex(keys.indexOf(key), { align: 'auto' });
  };
  const onListKey = useListKeys({ keys, selected, onSelect: select, onOpen: open });
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key] as 1 | -1 | undefined;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '+' || event.key === '=') zoom.zoomIn();
    else if (event.key === '-') zoom.zoomOut();
    else if (event.key === '0') zoom.fit();
    else if (step !== undefined && event.shiftKey) zoom.pan(step);
    else if (step !== undefined && selected !== undefined) fold(selected, step < 0);
    else return onListKey(event);
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <section aria-label="Timeline" className="flex min-h-0 flex-col [--label:268px] max-wide:[--label:216px]">
      <div ref={frame} className="min-h-0 overflow-x-hidden overflow-y-auto px-20 pb-12 max-wide:px-16">
        <div className="sticky top-0 z-10 flex h-30 items-center border-b border-hairline bg-page text-tiny font-normal text-3">
          <h2 className="w-(--label) shrink-0 text-small font-semibold text-1">Timeline</h2>
          <div
            ref={(element) => {
              chart.current = element;
              return widthRef(element);
            }}
            className="relative h-full min-w-0 flex-1 leading-30"
          >
            <span className="absolute left-0">{clock(new Date(zoom.view.from).toISOString(), true)}</span>
            {ticks
              .filter((tick) => !runs || Math.abs(tick.share - nowShare) * width > 44)
              .map((tick) => (
                <span
                  key={tick.at}
                  className="absolute -translate-x-1/2 whitespace-nowrap"
                  style={{ left: `${tick.share * 100}%` }}
                >
                  {tick.label}
                </span>
              ))}
            {runs && nowShare <= 1 && (
              <span
                className="absolute -translate-x-1/2 font-medium text-accent-text"
                style={{ left: `${nowShare * 100}%` }}
              >
                now
              </span>
            )}
          </div>
          <span className="figures w-76 shrink-0 text-right text-small">
            {zoom.isZoomed ? <LinkButton onClick={zoom.fit}>Fit</LinkButton> : duration(now - start)}
          </span>
        </div>
        <div className="relative">
          <div aria-hidden className="pointer-events-none absolute inset-y-0 right-76 left-(--label)">
            {ticks.map((tick) => (
              <span
                key={tick.at}
                className="absolute inset-y-0 w-1 bg-hairline"
                style={{ left: `${tick.share * 100}%` }}
              />
            ))}
            {runs && nowShare <= 1 && (
              <span
                className="absolute inset-y-0 z-1 w-1 bg-accent-text"
                style={{ left: `${nowShare * 100}%` }}
              />
            )}
          </div>
          <div
            {...gridProps({
              label: 'Timeline',
              rows: rows.length,
              active: selected !== undefined && keys.includes(selected) ? `${id}${selected}` : undefined,
              onKeyDown,
            })}
            className="group/list relative -mx-8 -outline-offset-2"
            style={{ height: virtual.getTotalSize() }}
          >
            {virtual.getVirtualItems().map((place) => {
              const row = rows[place.index];
              if (row === undefined) return null;
              return (
                <div
                  key={row.id}
                  {...gridRowProps({
                    id: `${id}${row.id}`,
                    index: place.index,
                    selected: row.id === selected,
                    onSelect: () => {
                      setSelected(row.id);
                      onOpen(row);
                    },
                    onOpen: () => onOpen(row),
                  })}
                  className={rowClass(row.id === selected, 'absolute! inset-x-0 top-0 border-b-0 px-8')}
                  style={{ height: place.size, transform: `translateY(${place.start}px)` }}
                >
                  <div {...GRID_CELL} className="h-full">
                    <WaterfallRow row={row} view={zoom.view} now={now} width={width} onFold={fold} />
                  </div>
                </div>
              );
            })}
          </div>
        </div>
      </div>
    </section>
  );
}
