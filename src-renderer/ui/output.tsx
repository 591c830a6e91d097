import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useCallback, useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { ansiPieces, plainText } from './ansi.ts';
import { cx } from './cx.ts';
import { useFollowedText } from './followed-text.tsx';
import { clock } from './format.ts';
import { logProps } from './grid-roles.ts';
import { RegionHead } from './page.tsx';
import { TONE_TEXT, type Tone } from './status.ts';

/** Height of a line of output in pixels. */
const LINE = 18;

export interface OutputLine {
  key: string;
  /** RFC 3339. */
  time?: string;
  /** One line; it may hold colours of a terminal. */
  text: string;
  /** A short word before the text, for example the level of a log. */
  label?: string;
  tone?: Tone;
}

export interface OutputProps {
  /** The title of the region, for example *Output* or *Log*. */
  title: string;
  meta?: ReactNode;
  lines: readonly OutputLine[];
  /** More actions, at the right of search and follow. */
  actions?: ReactNode;
  /** What stands there while there is nothing. */
  empty: string;
  /** An element of a head that is there already, where search and follow stand instead of in an own head. */
  tools?: HTMLElement | null;
  /** The key of a line to bring into sight; a new object each time it is asked for. */
  reveal?: { key: string } | undefined;
}

/** Live text in mono: follows its end until a person scrolls up, searches, and holds 100,000 lines. */
export function Output({ title, meta, lines, actions, empty, tools, reveal }: OutputProps): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => frame.current,
    estimateSize: () => LINE,
    overscan: 20,
    paddingStart: 8,
    paddingEnd: 8,
    scrollPaddingEnd: 8,
  });
  const find = useCallback((wanted: string) => findLines(lines, wanted), [lines]);
  const text = useFollowedText({ frame, nearEnd: LINE, find });
  const { following, current, leave } = text;

  useEffect(() => {
    if (following && lines.length > 0) virtual.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [following, lines.length, virtual]);
  useEffect(() => {
    if (current === undefined) return;
    leave();
    virtual.scrollToIndex(current, { align: 'center' });
  }, [current, leave, virtual]);

  const asked = useRef<OutputProps['reveal']>(undefined);
  useEffect(() => {
    const index = reveal === undefined ? -1 : lines.findIndex((line) => line.key === reveal.key);
    if (index < 0 || asked.current === reveal) return;
    asked.current = reveal;
    leave();
    virtual.scrollToIndex(index, { align: 'start' });
  }, [reveal, lines, leave, virtual]);

  const controls = (
    <>
      {text.controls}
      {actions}
    </>
  );
  return (
    <section aria-label={title} data-output className="flex min-h-0 flex-1 flex-col" onKeyDown={text.onKey}>
      {tools === undefined ? (
        <RegionHead title={title} meta={meta}>
          {controls}
        </RegionHead>
      ) : (
        tools !== null && createPortal(controls, tools)
      )}
      <div
        ref={frame}
        {...logProps({ label: title, onScroll: text.onScroll, onKeyDown: text.onTextKey })}
        onWheel={(event) => event.deltaY < 0 && leave()}
        className="takeable min-h-0 flex-1 overflow-auto bg-inset font-mono text-mono -outline-offset-2"
      >
        {lines.length === 0 && <p className="p-16 text-3">{empty}</p>}
        <div className="relative min-w-max" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((place) => (
            <Line
              key={place.key}
              line={lines[place.index]}
              top={place.start}
              marked={place.index === current}
            />
          ))}
        </div>
      </div>
    </section>
  );
}

function findLines(lines: readonly OutputLine[], wanted: string): number[] {
  return lines.flatMap((line, index) => (plainText(line.text).toLowerCase().includes(wanted) ? [index] : []));
}

function Line(props: { line: OutputLine | undefined; top: number; marked: boolean }): ReactNode {
  const { line, top, marked } = props;
  if (line === undefined) return null;
  return (
    <div
      className={cx(
        'absolute top-0 left-0 flex h-18 min-w-full gap-14 px-20 whitespace-pre',
        marked && 'bg-selected',
      )}
      style={{ transform: `translateY(${top}px)` }}
    >
      {line.time !== undefined && <span className="text-3">{clock(line.time, true)}</span>}
      {line.label !== undefined && (
        <span className={cx('w-36', line.tone === undefined ? 'text-3' : TONE_TEXT[line.tone])}>
          {line.label}
        </span>
      )}
      <span className={line.tone === undefined || line.label !== undefined ? 'text-2' : TONE_TEXT[line.tone]}>
        {ansiPieces(line.text).map((piece) => (
          <span key={piece.at} className={piece.look}>
            {piece.text}
          </span>
        ))}
      </span>
    </div>
  );
}
