import { encode } from 'uqr';

/** Light modules around the code, without which many cameras do not find it. */
const QUIET = 4;

/** A text as rows of modules, true for dark, with the quiet zone around it. */
export function qrModules(text: string): readonly (readonly boolean[])[] {
  return encode(text, { ecc: 'M', border: QUIET }).data;
}

/** The dark modules as one SVG path, a module being one unit. */
export function qrPath(modules: readonly (readonly boolean[])[]): string {
  const runs: string[] = [];
  modules.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x += 1;
      runs.push(`M${from} ${y}h${x + 1 - from}v1H${from}z`);
    }
  });
  return runs.join('');
}

/** Two modules in one character: upper and lower half, light ones drawn, for a terminal with light text on dark. */
export function qrHalfBlocks(modules: readonly (readonly boolean[])[]): string {
  const lines: string[] = [];
  for (let y = 0; y < modules.length; y += 2) {
    const upper = modules[y] ?? [];
    // Below the last row there is nothing to draw, which on a dark terminal is dark.
    const lower = modules[y + 1];
    lines.push(upper.map((dark, x) => halfBlock(!dark, lower !== undefined && lower[x] !== true)).join(''));
  }
  return lines.join('\n');
}

function halfBlock(upper: boolean, lower: boolean): string {
  if (upper) return lower ? '█' : '▀';
  return lower ? '▄' : ' ';
}
