const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Where the value of each key of an object is, in the JSON it is written in. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Sets top-level keys of a JSON object and leaves every other byte as it was.
 * @param json an object that `JSON.parse` takes
 * @param values JSON by key; a key that is not there is added at the end
 */
export function spliceJson(json: string, values: Readonly<Record<string, string>>): string {
  const { spans, close, empty } = topLevel(json);
  const edits = Object.entries(values).flatMap(([key, value]) =>
    (spans.get(key) ?? []).map((span) => ({ ...span, value })),
  );
  const added = Object.entries(values)
    .filter(([key]) => !spans.has(key))
    .map(([key, value]) => `${JSON.stringify(key)}:${value}`)
    .join(',');
  if (added !== '') edits.push({ start: close, end: close, value: empty ? added : `,${added}` });
  edits.sort((a, b) => a.start - b.start);
  let at = 0;
  let spliced = '';
  for (const { start, end, value } of edits) {
    spliced += json.slice(at, start) + value;
    at = end;
  }
  return spliced + json.slice(at);
}

function topLevel(json: string): { spans: Map<string, Span[]>; close: number; empty: boolean } {
  const spans = new Map<string, Span[]>();
  let at = skipSpace(json, json.indexOf('{') + 1);
  const empty = json[at] === '}';
  while (at < json.length && json[at] !== '}') {
    const keyEnd = endOfString(json, at);
    const key = String(JSON.parse(json.slice(at, keyEnd)));
    const start = skipSpace(json, json.indexOf(':', keyEnd) + 1);
    const end = endOfValue(json, start);
    spans.set(key, [...(spans.get(key) ?? []), { start, end }]);
    at = skipSpace(json, end);
    if (json[at] === ',') at = skipSpace(json, at + 1);
  }
  return { spans, close: at, empty };
}

function skipSpace(json: string, from: number): number {
  let at = from;
  while (/[\s]/.test(json[at] ?? 'x')) at++;
  return at;
}

/** The place after the string that begins at `from`. */
function endOfString(json: string, from: number): number {
  for (let at = from + 1; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at + 1;
  }
  return json.length;
}

/** The place after the value that begins at `from`. */
function endOfValue(json: string, from: number): number {
  let depth = 0;
  for (let at = from; at < json.length; at++) {
    const char = json[at];
    if (char === '"') {
      at = endOfString(json, at) - 1;
      if (depth === 0) return at + 1;
    } else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') {
      if (depth === 0) return at;
      depth--;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (char === ',' || /\s/.test(char ?? ''))) return at;
  }
  return json.length;
}
