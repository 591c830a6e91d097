import type { RunningApp } from './app.ts';

const SIZES = [
  { suffix: '', width: 1440, height: 900 },
  { suffix: '-1024', width: 1024, height: 700 },
];

/** Resolves when nothing moves any more but what moves for ever. */
async function settled(): Promise<void> {
  const moving = document
    .getAnimations()
    .filter((each) => Number.isFinite(each.effect?.getComputedTiming().endTime));
  await Promise.allSettled(moving.map((each) => each.finished));
  await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
}

/** Takes what is on the screen in every theme and size; `path` has no ending. */
export async function shootAll({ electron, window: page }: RunningApp, path: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    for (const { suffix, width, height } of SIZES) {
      await electron.evaluate(
        ({ BrowserWindow }, size) =>
          BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
        { width, height },
      );
      await page.waitForFunction((wanted) => window.innerWidth === wanted, width);
      await page.evaluate(settled);
      await page.screenshot({ path: `${path}${suffix}-${theme}.png` });
    }
  }
}
