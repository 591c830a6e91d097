import type { YamlPath } from '../lattice-yaml/diagnostic.ts';

/** What a person is about to write at an offset. */
export interface YamlContext {
  readonly kind: 'key' | 'value';
  /** For a key the map it goes into, for a value the value itself. */
  readonly path: YamlPath;
  /** Where the word that is being written begins. */
  readonly from: number;
  readonly typed: string;
}

/** Tells by indentation alone what stands at an offset, so that it also works while the text cannot be read. */
export function contextAt(text: string, offset: number): YamlContext | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(start, offset);
  if (/(^|\s)#/.test(before)) return undefined;
  const [, indent = '', dashes = '', rest = ''] = /^(\s*)((?:- )*)(.*)$/.exec(before) ?? [];
  const column = indent.length + dashes.length;
  const holder = pathAbove(text.slice(0, start), dashes === '' ? column : indent.length, dashes !== '');
  const colon = /^("[^"]*"|'[^']*'|[^:\s][^:]*?):\s+(.*)$/.exec(rest);
  if (colon !== null) {
    const [, key = '', value = ''] = colon;
    const word = /[^\s[\],]*$/.exec(value)?.[0] ?? '';
    const inList = value.includes('[');
    const path = [...holder, unquoted(key), ...(inList ? [0] : [])];
    return { kind: 'value', path, from: offset - word.length, typed: word };
  }
  if (dashes !== '' && !rest.includes(':'))
    return { kind: 'value', path: holder, from: offset - rest.length, typed: rest };
  return { kind: 'key', path: holder, from: offset - rest.length, typed: rest };
}

/** The keys that lines above open, down to `column`; for an item of a list its place counts as 0. */
function pathAbove(above: string, column: number, isItem: boolean): YamlPath {
  const path: (string | number)[] = isItem ? [0] : [];
  let limit = isItem ? column + 1 : column;
  const lines = above.split('\n');
  for (let index = lines.length - 1; index >= 0 && limit > 0; index--) {
    const line = lines[index] ?? '';
    const found = /^(\s*)((?:- )*)("[^"]*"|'[^']*'|[^\s#:-][^:]*):(\s|$)/.exec(line);
    if (found === null) continue;
    const [, indent = '', dashes = '', key = ''] = found;
    const at = indent.length + dashes.length;
    if (at < limit) {
      path.unshift(unquoted(key));
      limit = at;
    }
    if (dashes !== '' && indent.length < limit) {
      path.unshift(0);
      limit = indent.length + 1;
    }
  }
  return path;
}

function unquoted(key: string): string {
  return key.replace(/^["']|["']$/g, '').trim();
}
