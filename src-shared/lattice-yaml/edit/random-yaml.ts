import type { YamlPath } from '../diagnostic.ts';
import type { PlainValue } from './edit.ts';
import { isList } from './plain.ts';

/** One line of a generated file and what it says. */
export interface WrittenLine {
  text: string;
  /** The entry the line belongs to; a comment belongs to the entry below it. */
  path: YamlPath;
  /** Whether the line holds more than its own entry: a list or map in brackets. */
  flow: boolean;
}

/** Writes a map the way some person might: any indentation, brackets, quotes, comments and blank lines. */
export function writeRandomYaml(value: Record<string, PlainValue>, random: () => number): WrittenLine[] {
  const lines: WrittenLine[] = [];
  const indent = pick(random, [2, 2, 3, 4]);
  const dash = pick(random, [0, indent, indent]);
  const padding = pick(random, ['', ' ']);
  const comment = () => (random() < 0.25 ? `  # note ${lines.length}` : '');
  const scalar = (each: PlainValue) => {
    if (typeof each !== 'string') return String(each);
    return pick(random, [each, each, `"${each}"`, `'${each}'`]);
  };
  const flow = (each: PlainValue): string => {
    if (typeof each !== 'object' || each === null) return scalar(each);
    const parts = isList(each)
      ? each.map(flow)
      : Object.entries(each).map(([key, item]) => `${key}: ${flow(item)}`);
    if (parts.length === 0) return isList(each) ? '[]' : '{}';
    return isList(each)
      ? `[${padding}${parts.join(', ')}${padding}]`
      : `{${padding}${parts.join(', ')}${padding}}`;
  };
  const above = (path: YamlPath, column: number) => {
    if (random() < 0.15) lines.push({ text: '', path: [], flow: false });
    if (random() < 0.2)
      lines.push({ text: `${' '.repeat(column)}# about ${lines.length}`, path, flow: false });
  };
  const write = (head: string, each: PlainValue, path: YamlPath, column: number) => {
    const isBare = typeof each !== 'object' || each === null;
    const isEmpty = !isBare && Object.keys(each).length === 0;
    if (isBare || isEmpty || random() < 0.25) {
      lines.push({ text: `${head} ${flow(each)}${comment()}`, path, flow: !isBare });
      return;
    }
    lines.push({ text: `${head}${comment()}`, path, flow: false });
    if (isList(each)) list(each, path, column + dash);
    else map(each as Record<string, PlainValue>, path, column + indent);
  };
  const map = (each: Record<string, PlainValue>, path: YamlPath, column: number) => {
    for (const [key, item] of Object.entries(each)) {
      above([...path, key], column);
      write(`${' '.repeat(column)}${key}:`, item, [...path, key], column);
    }
  };
  const list = (each: readonly PlainValue[], path: YamlPath, column: number) => {
    for (const [index, item] of each.entries()) {
      above([...path, index], column);
      const isBare = typeof item !== 'object' || item === null;
      lines.push({
        text: `${' '.repeat(column)}- ${flow(item)}${comment()}`,
        path: [...path, index],
        flow: !isBare,
      });
    }
  };
  map(value, [], 0);
  return lines;
}

function pick<T>(random: () => number, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(random() * choices.length)] ?? choices[0];
}
