import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleText } from './visible-text.ts';

describe('visible text', () => {
  it('leaves words, lines and tabs of any script as they are', () => {
    const text = 'Count to 10\n\tZähle bis 10\n数到十 👍';
    expect(visibleText(text)).toBe(text);
  });

  it('shows what turns a line around, has no width, or steers a terminal', () => {
    expect(visibleText('rm \u202Efdp.exe\u200B\u001b[8m')).toBe('rm ⟨U+202E⟩fdp.exe⟨U+200B⟩⟨U+001B⟩[8m');
    expect(visibleText('a\r\nb\rc')).toBe('a\nb⟨U+000D⟩c');
    expect(visibleText('a\u2028b')).toBe('a⟨U+2028⟩b');
  });

  it('never lets a control or a mark without a shape through, and is the same the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
        const shown = visibleText(text);
        return !/\p{Cf}|[^\P{Cc}\n\t]/u.test(shown) && visibleText(shown) === shown;
      }),
    );
  });
});
