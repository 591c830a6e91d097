import { Composer, type CST, type Document, LineCounter, Parser, type YAMLError } from 'yaml';
import type { Diagnostic, TextRange, YamlPath } from './diagnostic.ts';
import { findHazard } from './hazards.ts';
import { isSecretLine } from './secret.ts';

/** The largest YAML text that is read, in characters. */
export const MAX_YAML_CHARS = 1024 * 1024;
const MAX_DEPTH = 100;

/** YAML text that was read: the tree keeps comments and places, `value` is plain data. */
export interface ParsedYaml {
  source: string;
  /** Nothing when the text is too large or too deep to be taken apart. */
  document: Document | undefined;
  /** Nothing when there is any error. */
  value: unknown;
  diagnostics: Diagnostic[];
  /** Makes a diagnostic that points into this text. */
  diagnostic(
    severity: Diagnostic['severity'],
    range: TextRange,
    message: string,
    extra?: { path?: YamlPath; suggestion?: string | undefined },
  ): Diagnostic;
}

/**
 * Reads one YAML document that a person or a stranger wrote. Never throws: what is wrong is in `diagnostics`.
 * `firstLine` is the line where the text begins in its file.
 */
export function parseYaml(text: string, source: string, firstLine = 1): ParsedYaml {
  const lines = new LineCounter();
  const diagnostic: ParsedYaml['diagnostic'] = (severity, [start, end], message, extra = {}) => {
    const from = lines.linePos(Math.min(start, text.length));
    const to = lines.linePos(Math.min(Math.max(end, start), text.length));
    return {
      severity,
      source,
      message,
      line: Math.max(1, from.line) + firstLine - 1,
      column: Math.max(1, from.col),
      endLine: Math.max(1, to.line) + firstLine - 1,
      endColumn: Math.max(1, to.col),
      path: extra.path ?? [],
      text: excerpt(text, start, end),
      ...(extra.suggestion === undefined ? {} : { suggestion: extra.suggestion }),
    };
  };
  const refused = (message: string, suggestion?: string): ParsedYaml => ({
    source,
    document: undefined,
    value: undefined,
    diagnostics: [diagnostic('error', [0, 0], message, { suggestion })],
    diagnostic,
  });

  if (text.length > MAX_YAML_CHARS)
    return refused(`The file has ${text.length.toLocaleString('en')} characters; the limit is 1,048,576.`);

  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const tooDeep = deeperThan(tokens, MAX_DEPTH);
  if (tooDeep !== undefined)
    return {
      ...refused(''),
      diagnostics: [
        diagnostic('error', [tooDeep, tooDeep + 1], `Values are nested more than ${MAX_DEPTH} deep.`),
      ],
    };

  const composer = new Composer({ stringKeys: true, merge: true, prettyErrors: false });
  const [document, second] = [...composer.compose(tokens, true, text.length)];
  if (document === undefined) return refused('The file cannot be read as YAML.');
  const diagnostics = [
    ...document.errors.map((error) => fromYamlError(error, text, diagnostic)),
    ...document.warnings.map((warning) => diagnostic('warning', warning.pos, `${warning.message}.`)),
  ];
  if (second !== undefined)
    diagnostics.push(
      diagnostic('error', [second.range[0], second.range[1]], 'The file holds two documents; keep one.'),
    );
  const hazard = findHazard(document);
  if (hazard !== undefined)
    diagnostics.push(diagnostic('error', hazard.range, hazard.message, { path: hazard.path }));
  if (diagnostics.some((each) => each.severity === 'error'))
    return { source, document, value: undefined, diagnostics, diagnostic };
  try {
    return { source, document, value: document.toJS({ maxAliasCount: -1 }), diagnostics, diagnostic };
  } catch (error) {
    diagnostics.push(
      diagnostic('error', [0, 0], `${error instanceof Error ? error.message : String(error)}.`),
    );
    return { source, document, value: undefined, diagnostics, diagnostic };
  }
}

const WORDS: Partial<Record<YAMLError['code'], { message: string; suggestion?: string }>> = {
  TAB_AS_INDENT: { message: 'A tab cannot indent YAML.', suggestion: 'Use spaces.' },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'A second ": " stands on this line.',
    suggestion: 'Put the value in quotes or on lines of its own.',
  },
  NON_STRING_KEY: { message: 'A key has to be text.' },
  MULTIPLE_DOCS: { message: 'The file holds more than one document; keep one.' },
};

function fromYamlError(error: YAMLError, text: string, diagnostic: ParsedYaml['diagnostic']): Diagnostic {
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^[^\s:]+/.exec(text.slice(error.pos[0], error.pos[0] + 200))?.[0] ?? '';
    const range: TextRange = [error.pos[0], error.pos[0] + Math.max(1, key.length)];
    return diagnostic('error', range, `The key ${key} is there twice.`, { suggestion: 'Keep one of them.' });
  }
  const words = WORDS[error.code];
  // What is missing at the end is missing after the last thing that was written, not after blank lines.
  const end = text.trimEnd().length;
  const range: TextRange = error.pos[0] > end ? [end, end] : error.pos;
  return diagnostic('error', range, words?.message ?? `${error.message}.`, {
    suggestion: words?.suggestion,
  });
}

/** Where values nest deeper than `limit`; found without recursion because the composer would exhaust the stack. */
function deeperThan(tokens: readonly CST.Token[], limit: number): number | undefined {
  const open: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > limit) return token.offset;
    if (token.type === 'document') {
      if (token.value) open.push({ token: token.value, depth: depth + 1 });
    } else if ('items' in token) {
      for (const item of token.items) {
        if (item.key) open.push({ token: item.key, depth: depth + 1 });
        if (item.value) open.push({ token: item.value, depth: depth + 1 });
      }
    }
  }
  return undefined;
}

/** What stands at a range, on one line; nothing where it may be a secret. */
function excerpt(text: string, start: number, end: number): string {
  const line = text.slice(start, Math.max(end, start)).split(/\r?\n/, 1)[0] ?? '';
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  if (isSecretLine(text.slice(lineStart, start + line.length))) return '';
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
