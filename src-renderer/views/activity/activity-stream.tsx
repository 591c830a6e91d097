import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { type Bill, billWords } from '../../../src-shared/views/bill.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { cx } from '../../ui/cx.ts';
import { useFollowedText } from '../../ui/followed-text.tsx';
import { plural, shortCount } from '../../ui/format.ts';
import { logProps } from '../../ui/grid-roles.ts';
import { RegionHead } from '../../ui/page.tsx';
import { Tip } from '../../ui/tooltip.tsx';
import { itemText, type Stream, type StreamItem } from './stream-items.ts';
import { StreamRow } from './stream-row.tsx';
import { startsOpen } from './tool-item.tsx';
import { useBetweenFrames } from './use-between-frames.ts';

/** How near to the end counts as the end, in pixels. */
const NEAR_END = 24;

function guess(item: StreamItem): number {
  if (item.kind === 'plan') return 44 + item.entries.length * 24;
  if ('text' in item) return 24 + Math.ceil(item.text.length / 90) * 20;
  return 38;
}

/** What the run asked of models: `3 model calls · 12.3 K tokens · $0.02`. */
function totalsText({ calls, tokens, usd, estimated }: Bill): string | undefined {
  if (calls === 0) return undefined;
  const money = usd > 0 ? ` · ${billWords({ usd, estimated })}` : '';
  return `${plural(calls, 'model call')} · ${shortCount(tokens)} tokens${money}`;
}

export interface ActivityStreamProps {
  stream: Stream;
  /** An element of a head that is there already, where search and follow stand instead of in an own head. */
  tools?: HTMLElement | null;
  /** The key of an item to bring into sight; a new object each time it is asked for. */
  reveal?: { key: string } | undefined;
}

/** What an agent does as it does it: plan, text, tools, changes, models; follows its end until a person scrolls up. */
export function ActivityStream({ stream: newest, tools, reveal }: ActivityStreamProps): ReactNode {
  const stream = useBetweenFrames(newest);
  const { items } = stream;
  const frame = useRef<HTMLDivElement>(null);
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => frame.current,
    estimateSize: (index) => {
      const item = items[index];
      return item === undefined ? 38 : guess(item);
    },
    getItemKey: (index) => items[index]?.key ?? index,
    overscan: 3,
    useFlushSync: false,
    gap: 6,
    paddingStart: 12,
    paddingEnd: 16,
  });
  const find = useCallback(
    (wanted: string) =>
      items.flatMap((item, index) => (itemText(item).toLowerCase().includes(wanted) ? [index] : [])),
    [items],
  );
  const text = useFollowedText({ frame, nearEnd: NEAR_END, find });
  const { following, current, leave } = text;
  const height = virtual.getTotalSize();

  useEffect(() => {
    const box = frame.current;
    if (following && box !== null && height > 0) box.scrollTop = box.scrollHeight;
  }, [following, height]);
  useEffect(() => {
    if (current === undefined) return;
    leave();
    virtual.scrollToIndex(current, { align: 'center' });
  }, [current, leave, virtual]);
  const asked = useRef<ActivityStreamProps['reveal']>(undefined);
  useEffect(() => {
    const index = reveal === undefined ? -1 : items.findIndex((item) => item.key === reveal.key);
    if (index < 0 || asked.current === reveal) return;
    asked.current = reveal;
    leave();
    virtual.scrollToIndex(index, { align: 'start' });
  }, [reveal, items, leave, virtual]);

  const onToggle = useCallback((key: string, open: boolean) => {
    setToggled((before) => new Map(before).set(key, open));
  }, []);
  const meta = totalsText(stream.totals);
  const controls = (
    <>
      {tools !== undefined && meta !== undefined && (
        <Tip text={meta}>
          <span className="figures text-small whitespace-nowrap text-3 max-wide:hidden">
            {stream.totals.usd > 0 ? billWords(stream.totals) : plural(stream.totals.calls, 'model call')}
          </span>
        </Tip>
      )}
      {text.controls}
      <CopyButton text={() => items.map(itemText).join('\n')} label="Copy everything" size={24} />
    </>
  );
  return (
    <section
      aria-label="Activity"
      data-output
      className="flex min-h-0 flex-1 flex-col"
      onKeyDown={text.onKey}
    >
      {tools === undefined ? (
        <RegionHead title="Activity" meta={meta}>
          {controls}
        </RegionHead>
      ) : (
        tools !== null && createPortal(controls, tools)
      )}
      <div
        ref={frame}
        {...logProps({ label: 'Activity', onScroll: text.onScroll, onKeyDown: text.onTextKey })}
        onWheel={(event) => event.deltaY < 0 && leave()}
        className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto -outline-offset-2"
      >
        <div className="relative" style={{ height }}>
          {virtual.getVirtualItems().map((place) => {
            const item = items[place.index];
            if (item === undefined) return null;
            const open = toggled.get(item.key) ?? (item.kind === 'tool' && startsOpen(item));
            return (
              <div
                key={place.key}
                ref={virtual.measureElement}
                data-index={place.index}
                className={cx(
                  'absolute top-0 left-0 w-full px-20 max-wide:px-16',
                  place.index === current && 'bg-selected',
                )}
                style={{ transform: `translateY(${place.start}px)` }}
              >
                <div className="max-w-880">
                  <StreamRow item={item} open={open} onToggle={onToggle} />
                </div>
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}
