/** Whether the window runs on macOS, where Ctrl is ⌘. */
export const isMac = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform);

const NAMES: Record<string, string> = {
  Mod: isMac ? '⌘' : 'Ctrl',
  Alt: isMac ? '⌥' : 'Alt',
  Shift: '⇧',
  Enter: '↵',
  Escape: 'Esc',
  Space: 'Space',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
};

/** Keys as a person reads them: `Mod+K` is `Ctrl K`, on macOS `⌘ K`. */
export function keyText(shortcut: string): string {
  return shortcut
    .split('+')
    .map((part) => NAMES[part] ?? part)
    .join(' ');
}

/** Whether a key press is `shortcut`; `Mod` is Ctrl, on macOS ⌘. */
export function matchesKey(event: KeyboardEvent, shortcut: string): boolean {
  const parts = shortcut.split('+');
  const key = parts.at(-1) ?? '';
  const wants = (modifier: string) => parts.slice(0, -1).includes(modifier);
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const other = isMac ? event.ctrlKey : event.metaKey;
  if (other || mod !== wants('Mod') || event.altKey !== wants('Alt')) return false;
  // A sign such as ? needs Shift on many keyboards; only letters and named keys tell Shift apart.
  const shiftCounts = key.length > 1 || /[a-z0-9]/i.test(key);
  if (shiftCounts && event.shiftKey !== wants('Shift')) return false;
  const pressed = event.key === ' ' ? 'Space' : event.key;
  return pressed.toLowerCase() === key.toLowerCase();
}

/** Whether a shortcut is a single letter or sign, which rests while a field has the focus. */
export function isSingleKey(shortcut: string): boolean {
  return !shortcut.includes('Mod+') && !shortcut.includes('Alt+') && !/(^|\+)F\d+$/.test(shortcut);
}

/** Whether the focus is where a person types. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  return (
    target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type)
  );
}
