import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

/** A row of a list: its key and its height in pixels. */
export interface RowPlace {
  key: string;
  height: number;
}

/** A row a person reads: its key, its number, and its top in pixels. */
interface Anchor {
  key: string;
  index: number;
  top: number;
}

/** How many rows in sight are remembered, so that one that goes away does not take the place along. */
const REMEMBERED = 12;

/** The rows from `scrollTop` on, with their places. */
export function rowsFrom(rows: readonly RowPlace[], scrollTop: number): Anchor[] {
  const anchors: Anchor[] = [];
  let top = 0;
  for (const [index, row] of rows.entries()) {
    if (top >= scrollTop) anchors.push({ key: row.key, index, top });
    if (anchors.length === REMEMBERED) break;
    top += row.height;
  }
  return anchors;
}

/**
 * How far most of `anchors` moved down, in pixels and in rows. Most, because a row that changes its group goes its own
 * way and must not take the view along.
 */
export function movedBy(
  rows: readonly RowPlace[],
  anchors: readonly Anchor[],
): { pixels: number; rows: number } {
  const wanted = new Map(anchors.map((anchor) => [anchor.key, anchor]));
  const votes = new Map<number, { pixels: number; rows: number; votes: number }>();
  let top = 0;
  for (const [index, row] of rows.entries()) {
    const anchor = wanted.get(row.key);
    if (anchor !== undefined) {
      const pixels = top - anchor.top;
      const vote = votes.get(pixels) ?? { pixels, rows: index - anchor.index, votes: 0 };
      vote.votes += 1;
      votes.set(pixels, vote);
      if (vote.votes * 2 > anchors.length) break;
    }
    top += row.height;
  }
  const [most] = [...votes.values()].sort((a, b) => b.votes - a.votes);
  return most === undefined ? { pixels: 0, rows: 0 } : { pixels: most.pixels, rows: most.rows };
}

export interface NewRows {
  /** How many rows came above what a person reads. */
  count: number;
  /** Goes to the top. */
  show(): void;
  onScroll(): void;
}

/** Keeps what a person reads in place when rows come above it, and counts them until they were seen. */
export function useNewRows(rows: readonly RowPlace[], frame: RefObject<HTMLElement | null>): NewRows {
  const [count, setCount] = useState(0);
  const anchors = useRef<readonly Anchor[]>([]);
  const remember = () => {
    const top = frame.current?.scrollTop ?? 0;
    anchors.current = top === 0 ? [] : rowsFrom(rows, top);
  };
  useLayoutEffect(() => {
    const scroller = frame.current;
    if (scroller === null || scroller.scrollTop === 0 || anchors.current.length === 0) return;
    const moved = movedBy(rows, anchors.current);
    if (moved.pixels !== 0) scroller.scrollTop += moved.pixels;
    if (moved.rows > 0) setCount((before) => before + moved.rows);
    anchors.current = rowsFrom(rows, scroller.scrollTop);
  }, [rows, frame]);
  return {
    count,
    show: () => frame.current?.scrollTo({ top: 0 }),
    onScroll: () => {
      remember();
      if (count > 0 && frame.current?.scrollTop === 0) setCount(0);
    },
  };
}
