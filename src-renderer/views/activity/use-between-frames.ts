import { useEffect, useState, useTransition } from 'react';

/**
 * The newest value, taken over between frames: while one is being drawn the next waits, so that much text that comes
 * fast never holds up the window.
 */
export function useBetweenFrames<T>(newest: T): T {
  const [shown, setShown] = useState(newest);
  const [drawing, draw] = useTransition();
  useEffect(() => {
    if (!drawing && shown !== newest) draw(() => setShown(newest));
  }, [drawing, shown, newest]);
  return shown;
}
