import fc from 'fast-check';
import { expect, it } from 'vitest';
import { safeText } from './safe-text.ts';

const ESC = String.fromCharCode(27);
const BEL = String.fromCharCode(7);

it.each([
  ['plain text\n\twith a tab', 'plain text\n\twith a tab'],
  [`${ESC}[31mred${ESC}[0m`, `${ESC}[31mred${ESC}[0m`],
  [`${ESC}[2J${ESC}[Hcleared`, 'cleared'],
  [`${ESC}]0;a title${BEL}after`, 'after'],
  [`${ESC}]52;c;aGk=${ESC}\\after`, 'after'],
  [`${ESC}Pq data${ESC}\\after`, 'after'],
  [`a${BEL}b\u0000c`, 'abc'],
  ['one\rtwo\r\nthree', 'one\ntwo\nthree'],
  [`${ESC}c reset`, ' reset'],
])('makes %j harmless', (text, safe) => {
  expect(safeText(text)).toBe(safe);
});

it('leaves no control character but line, tab and colour', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(ESC, `${ESC}[`, `${ESC}]`, BEL, '\u009b', 'm', '0', ';', '[', '\\'),
  );
  const colour = new RegExp(`${ESC}\\[[0-?]*m`, 'g');
  const control = /[^\P{Cc}\n\t]/u;
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      expect(control.test(safeText(pieces.join('')).replace(colour, ''))).toBe(false);
    }),
  );
});
