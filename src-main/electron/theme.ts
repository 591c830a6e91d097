import { type BrowserWindow, nativeTheme } from 'electron';
import type { LiveSource } from '../../src-shared/live.ts';
import type { Settings } from '../../src-shared/views/settings.ts';

const PAGE_DARK = '#0F1114';
const PAGE_LIGHT = '#F9F9FB';

/** The page colour of the current theme, so that nothing flashes before the first paint. */
export function pageColour(): string {
  return nativeTheme.shouldUseDarkColors ? PAGE_DARK : PAGE_LIGHT;
}

export function setTheme(theme: Settings['theme']): void {
  nativeTheme.themeSource = theme;
}

/** Keeps the theme of the app as the settings say and tells each change. */
export function followTheme(
  settings: LiveSource<Settings>,
  changed: (theme: Settings['theme']) => void,
): Disposable {
  const apply = (items: readonly Settings[]) => {
    const theme = items.at(-1)?.theme;
    if (theme === undefined) return;
    setTheme(theme);
    changed(theme);
  };
  apply(settings.snapshot());
  return settings.on(({ upserts }) => apply(upserts));
}

/** Keeps the colour behind the page in step with the theme. */
export function followPageColour(window: BrowserWindow): Disposable {
  const update = () => {
    if (!window.isDestroyed()) window.setBackgroundColor(pageColour());
  };
  nativeTheme.on('updated', update);
  return { [Symbol.dispose]: () => void nativeTheme.off('updated', update) };
}
