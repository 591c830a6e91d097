/** A file that is written from lattice.yaml. */
export interface GeneratedFile {
  /** From the project folder, with `/`. */
  path: string;
  text: string;
}

/** All that lattice.yaml becomes for other programs, and what of it they cannot follow. */
export interface Generated {
  files: GeneratedFile[];
  /** Sentences for a person about what was left out or made simpler. */
  notes: string[];
}

/** JSON as these programs write it themselves. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Undefined instead of a map that holds nothing. */
export function filled(map: Record<string, unknown>): Record<string, unknown> | undefined {
  return Object.keys(map).length === 0 ? undefined : map;
}
