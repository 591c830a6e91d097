import { describe, expect, it } from 'vitest';
import { isSingleKey, keyText, matchesKey } from './keys.ts';

function press(key: string, more: Partial<KeyboardEvent> = {}): KeyboardEvent {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  return { key, ...none, ...more } as KeyboardEvent;
}

describe('a shortcut', () => {
  it('is pressed with exactly its keys', () => {
    expect(matchesKey(press('k', { ctrlKey: true }), 'Mod+K')).toBe(true);
    expect(matchesKey(press('k'), 'Mod+K')).toBe(false);
    expect(matchesKey(press('k', { ctrlKey: true, altKey: true }), 'Mod+K')).toBe(false);
    expect(matchesKey(press('k', { ctrlKey: true, metaKey: true }), 'Mod+K')).toBe(false);
    expect(matchesKey(press('K', { ctrlKey: true, shiftKey: true }), 'Mod+K')).toBe(false);
    expect(matchesKey(press('ArrowLeft', { altKey: true }), 'Alt+ArrowLeft')).toBe(true);
    expect(matchesKey(press('R', { shiftKey: true }), 'Shift+R')).toBe(true);
    expect(matchesKey(press('r'), 'Shift+R')).toBe(false);
    expect(matchesKey(press(' '), 'Space')).toBe(true);
    expect(matchesKey(press('F6', { shiftKey: true }), 'F6')).toBe(false);
  });

  it('does not mind how a sign is typed', () => {
    expect(matchesKey(press('?', { shiftKey: true }), '?')).toBe(true);
    expect(matchesKey(press('/', { shiftKey: true }), '/')).toBe(true);
    expect(matchesKey(press(',', { ctrlKey: true }), 'Mod+,')).toBe(true);
  });

  it('rests while a field has the focus only when it is a single key', () => {
    expect(['N', '/', '?', '1', 'Shift+R'].every(isSingleKey)).toBe(true);
    expect(['Mod+K', 'Alt+ArrowLeft', 'F1', 'Shift+F6'].some(isSingleKey)).toBe(false);
  });

  it('reads as on the keyboard', () => {
    expect(['Mod+K', 'Shift+C', 'Mod+Enter', 'Alt+ArrowLeft', 'Escape'].map(keyText)).toEqual([
      'Ctrl K',
      '⇧ C',
      'Ctrl ↵',
      'Alt ←',
      'Esc',
    ]);
  });
});
