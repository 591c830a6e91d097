import { LatticeError } from '../errors.ts';

/**
 * The words of a command as a shell would part them, with quotes and backslashes and nothing else: no variables, no
 * pipes. @throws LatticeError `invalid_input` when a quote is not closed or the text asks for more than words.
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote !== undefined) {
      if (char === quote) quote = undefined;
      else if (char === '\\' && quote === '"' && /["\\]/.test(text.charAt(at + 1))) word += text.charAt(++at);
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (/[|&;<>`]/.test(char)) {
      throw new LatticeError('invalid_input', `"${text}" asks for a shell with ${char}; none reads it.`, {
        hint: 'Write the command as a list: [program, argument, …], or put it into a script.',
      });
    } else word = (word ?? '') + (char === '\\' ? text.charAt(++at) : char);
  }
  if (quote !== undefined) throw new LatticeError('invalid_input', `A quote in "${text}" is not closed.`);
  if (word !== undefined) words.push(word);
  return words;
}
