/** A file taken apart: YAML between two `---` lines at its start, and what follows. */
export interface Frontmatter {
  /** Nothing when the file does not begin with `---`. */
  yaml: string | undefined;
  /** The line of the file where the YAML begins. */
  yamlLine: number;
  body: string;
  /** The line of the file where the body begins. */
  bodyLine: number;
  /** True when the first `---` has no second one; the file is then all body. */
  unclosed: boolean;
}

/** Splits a markdown or dotprompt file; takes any line ending and a byte order mark. */
export function splitFrontmatter(content: string): Frontmatter {
  const lines = normaliseText(content).split('\n');
  const whole = { yaml: undefined, yamlLine: 1, body: lines.join('\n'), bodyLine: 1, unclosed: false };
  if (lines[0]?.trimEnd() !== '---') return whole;
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---');
  if (end === -1) return { ...whole, unclosed: true };
  return {
    yaml: lines.slice(1, end).join('\n'),
    yamlLine: 2,
    body: lines.slice(end + 1).join('\n'),
    bodyLine: end + 2,
    unclosed: false,
  };
}

/** Text as it counts: without a byte order mark and with one kind of line ending, so that machines agree on it. */
export function normaliseText(content: string): string {
  return content.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
}
