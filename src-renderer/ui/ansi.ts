/** A piece of a line of output with one look. */
export interface AnsiPiece {
  text: string;
  /** Class names of the look; empty for plain text. */
  look: string;
  /** Where it starts in the line. */
  at: number;
}

const COLOURS: Record<number, string> = {
  1: 'text-fail',
  2: 'text-good',
  3: 'text-late',
  4: 'text-accent-text',
  5: 'text-hue-2',
  6: 'text-run',
};

const ESC = String.fromCharCode(27);
const BELL = String.fromCharCode(7);

/** Every escape sequence: colours (captured), other CSI, OSC up to its end, and single ones. */
const ESCAPE = new RegExp(
  [
    String.raw`${ESC}\[([0-9;]*)m`,
    String.raw`${ESC}\[[0-?]*[ -/]*[@-~]`,
    String.raw`${ESC}\][^${BELL}${ESC}]*(?:${BELL}|${ESC}\\)?`,
    String.raw`${ESC}[@-Z\\^_]`,
  ].join('|'),
  'g',
);

interface Look {
  colour: string | undefined;
  bold: boolean;
  dim: boolean;
}

function apply(look: Look, codes: string): Look {
  let next = look;
  for (const code of codes.split(';').map(Number)) {
    if (code === 0) next = { colour: undefined, bold: false, dim: false };
    else if (code === 1) next = { ...next, bold: true };
    else if (code === 2) next = { ...next, dim: true };
    else if (code === 22) next = { ...next, bold: false, dim: false };
    else if (code === 39) next = { ...next, colour: undefined };
    else if (code === 90) next = { ...next, colour: 'text-3' };
    else if (code >= 30 && code <= 37) next = { ...next, colour: COLOURS[code - 30] };
    else if (code >= 91 && code <= 97) next = { ...next, colour: COLOURS[code - 90] };
    else if (code === 38 || code === 48) return next;
  }
  return next;
}

function classes({ colour, bold, dim }: Look): string {
  const tone = colour ?? (dim ? 'text-3' : bold ? 'text-1' : '');
  return bold ? `${tone} font-semibold`.trim() : tone;
}

/** A line as a terminal would show it: escape sequences become looks or vanish, what `\r` overwrote is gone. */
export function ansiPieces(line: string): AnsiPiece[] {
  const shown = line.replace(/\r+$/, '').split('\r').at(-1) ?? '';
  if (!shown.includes(ESC)) return [{ text: shown, look: '', at: 0 }];
  const pieces: AnsiPiece[] = [];
  let look: Look = { colour: undefined, bold: false, dim: false };
  let from = 0;
  for (const match of shown.matchAll(ESCAPE)) {
    if (match.index > from)
      pieces.push({ text: shown.slice(from, match.index), look: classes(look), at: from });
    if (match[1] !== undefined) look = apply(look, match[1] === '' ? '0' : match[1]);
    from = match.index + match[0].length;
  }
  if (from < shown.length) pieces.push({ text: shown.slice(from), look: classes(look), at: from });
  return pieces;
}

/** The text of a line without any escape sequence. */
export function plainText(line: string): string {
  return ansiPieces(line)
    .map((piece) => piece.text)
    .join('');
}
