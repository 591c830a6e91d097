/** Collects what has to be told and tells it once per frame; the same task twice in a frame runs once. */
export function frameBatch(requestFrame: (run: () => void) => void): (task: () => void) => void {
  let waiting = new Set<() => void>();
  return (task) => {
    waiting.add(task);
    if (waiting.size > 1) return;
    requestFrame(() => {
      const due = waiting;
      waiting = new Set();
      for (const run of due) run();
    });
  };
}

/** The next frame of the window, or a quarter of a second when the window is hidden and has no frames. */
export function nextFrame(run: () => void): void {
  if (document.hidden) setTimeout(run, 250);
  else requestAnimationFrame(run);
}
