/** The way to a value: keys of maps and indexes of lists. */
export type YamlPath = readonly (string | number)[];

/** A range in a text as offsets; the end is exclusive. */
export type TextRange = readonly [start: number, end: number];

/** Something a person wrote that is wrong or doubtful, and where. Lines and columns start at 1; the end is exclusive. */
export interface Diagnostic {
  severity: 'error' | 'warning';
  /** The file as a person knows it, such as `lattice.yaml`. */
  source: string;
  message: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  path: YamlPath;
  /** What stands there, shortened to one line. */
  text: string;
  /** What to write instead, as a sentence. */
  suggestion?: string;
}

/** One diagnostic as compilers print it: `lattice.yaml:3:5: message (text). suggestion`. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { source, line, column, message, suggestion } = diagnostic;
  return `${source}:${line}:${column}: ${message}${suggestion === undefined ? '' : ` ${suggestion}`}`;
}
