const PART = /"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g;

/** The program and arguments of a command line; quotes keep spaces together, and nothing else is special. */
export function partsOfLine(line: string): string[] {
  return [...line.matchAll(PART)].map(([, double, single, bare]) =>
    double === undefined ? (single ?? bare ?? '') : double.replace(/\\(.)/g, '$1'),
  );
}

/** A program and its arguments as one line that {@link partsOfLine} reads back. */
export function lineOfParts(parts: readonly string[]): string {
  return parts
    .map((part) => (/^[^\s"'\\]+$/.test(part) ? part : `"${part.replace(/["\\]/g, '\\$&')}"`))
    .join(' ');
}
