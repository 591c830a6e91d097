import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ansiPieces, plainText } from './ansi.ts';

const ESC = '\u001b';

describe('a line of output', () => {
  it('stays as it is without colours', () => {
    expect(ansiPieces('3 pods, all ready')).toEqual([{ text: '3 pods, all ready', look: '', at: 0 }]);
  });

  it('maps the colours of a terminal to the colours of states', () => {
    expect(ansiPieces(`${ESC}[32mready${ESC}[0m in ${ESC}[1;31m11 s${ESC}[m.`)).toMatchObject([
      { text: 'ready', look: 'text-good' },
      { text: ' in ', look: '' },
      { text: '11 s', look: 'text-fail font-semibold' },
      { text: '.', look: '' },
    ]);
  });

  it('drops what a window cannot show: cursor moves, titles, links, 256 colours', () => {
    expect(plainText(`${ESC}[2K${ESC}[1G${ESC}]0;title\u0007${ESC}[38;5;196mred${ESC}[39m`)).toBe('red');
    expect(plainText(`${ESC}]8;;https://example.org${ESC}\\link${ESC}]8;;${ESC}\\`)).toBe('link');
  });

  it('shows the last state of a line that was overwritten', () => {
    expect(plainText('10%\r50%\r100%')).toBe('100%');
    expect(plainText('done\r')).toBe('done');
  });

  it('never throws and never shows an escape that it knows, whatever comes', () => {
    const part = fc.oneof(fc.string(), fc.constantFrom(`${ESC}[`, `${ESC}[31m`, `${ESC}]0;`, ESC, '\r', 'm'));
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        expect(plainText(parts.join(''))).not.toContain(`${ESC}[31m`);
      }),
    );
  });
});
