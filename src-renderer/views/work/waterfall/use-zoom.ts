import { type RefObject, useEffect, useRef, useState } from 'react';
import { moved, type Stretch, zoomed } from './scale.ts';

/** How much a step of the keyboard or of the wheel zooms. */
const STEP = 1.25;
/** The share of the view a step of the keyboard moves. */
const PAN = 0.15;

export interface Zoom {
  view: Stretch;
  isZoomed: boolean;
  zoomIn(): void;
  zoomOut(): void;
  fit(): void;
  pan(by: 1 | -1): void;
}

/** What part of `whole` is in view: zooms with Ctrl and wheel over `chart`, and moves with the wheel aside. */
export function useZoom(whole: Stretch, chart: RefObject<HTMLElement | null>): Zoom {
  const [picked, setPicked] = useState<Stretch>();
  const view = picked ?? whole;
  const latest = useRef({ view, whole });
  useEffect(() => {
    latest.current = { view, whole };
  });
  useEffect(() => {
    const element = chart.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent) => {
      const { view: now, whole: all } = latest.current;
      const box = element.getBoundingClientRect();
      if (event.ctrlKey || event.metaKey) {
        const share = Math.min(1, Math.max(0, (event.clientX - box.left) / Math.max(1, box.width)));
        setPicked(zoomed(now, all, event.deltaY > 0 ? STEP : 1 / STEP, share));
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        const by = event.deltaX === 0 ? event.deltaY : event.deltaX;
        setPicked(moved(now, all, by / Math.max(1, box.width)));
      } else return;
      event.preventDefault();
    };
    const frame = element.parentElement ?? element;
    // React listens passively, and a passive listener cannot keep the window from zooming.
    frame.addEventListener('wheel', onWheel, { passive: false });
    return () => frame.removeEventListener('wheel', onWheel);
  }, [chart]);
  return {
    view,
    isZoomed: picked !== undefined,
    zoomIn: () => setPicked(zoomed(view, whole, 1 / STEP, 0.5)),
    zoomOut: () => setPicked(zoomed(view, whole, STEP, 0.5)),
    fit: () => setPicked(undefined),
    pan: (by) => setPicked(moved(view, whole, by * PAN)),
  };
}
