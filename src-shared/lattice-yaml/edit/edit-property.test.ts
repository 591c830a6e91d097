import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededRandom } from '../../routing/random.ts';
import type { YamlPath } from '../diagnostic.ts';
import { parseYaml } from '../parse-yaml.ts';
import { applyEdit, type Edit, type PlainValue } from './edit.ts';
import { plainAt } from './find.ts';
import { applyPlain, isList, samePlain } from './plain.ts';
import { type WrittenLine, writeRandomYaml } from './random-yaml.ts';
import { applyChanges, invertChanges } from './text-change.ts';

const model = fc.constantFrom('a/one', 'b/two', 'c/three:8b', 'd/four-5', 'e/f/g');
const scalar = fc.oneof(model, fc.integer({ min: -5, max: 99 }), fc.boolean(), fc.constant('some words'));
const models = fc.array(model, { maxLength: 6 });
const routing: fc.Arbitrary<PlainValue> = fc.oneof(
  models,
  fc.record({ strategy: fc.constant('pattern'), pattern: models }),
  fc.record({ strategy: fc.constant('weighted'), weights: fc.dictionary(model, fc.nat(9), { maxKeys: 4 }) }),
);
const agent: fc.Arbitrary<PlainValue> = fc.record(
  { path: scalar, triggers: fc.array(fc.constantFrom('/x', '/y', '/z')), routing, 'x-own': scalar },
  { requiredKeys: [] },
);
const names = fc.constantFrom('alpha', 'beta', 'gamma', 'delta', 'eps');
const document = fc.record({
  name: fc.constant('team'),
  agents: fc.dictionary(names, agent, { minKeys: 1, maxKeys: 5 }),
  hooks: fc.dictionary(names, fc.array(fc.record({ action: model, notify: fc.boolean() })), { maxKeys: 2 }),
  later: scalar,
}) as fc.Arbitrary<Record<string, PlainValue>>;

/** Any edit that makes sense for a value; `choice` says which. */
function editOf(value: PlainValue, choice: number[], fresh: PlainValue): Edit | undefined {
  const places = placesOf(value);
  const at = <T>(list: readonly T[], index: number) => list[(choice[index] ?? 0) % Math.max(1, list.length)];
  const place = at(
    places.filter(({ path }) => path.length > 0),
    0,
  );
  if (place === undefined) return undefined;
  const { path } = place;
  const size = typeof place.value === 'object' && place.value !== null ? Object.keys(place.value).length : 0;
  const inMap = typeof path.at(-1) === 'string';
  const edits: Edit[] = [
    { kind: 'set', path, value: fresh },
    { kind: 'remove', path },
    ...(inMap ? [{ kind: 'rename', path, name: 'zeta' } as const] : []),
    ...(inMap ? [{ kind: 'duplicate', path, name: 'zeta' } as const] : []),
    ...(size > 1
      ? [{ kind: 'move', path, from: (choice[2] ?? 0) % size, to: (choice[3] ?? 0) % size } as const]
      : []),
    ...(isList(place.value)
      ? [{ kind: 'insert', path, index: (choice[2] ?? 0) % (size + 1), value: fresh } as const]
      : []),
    ...(size > 0 && !isList(place.value)
      ? [{ kind: 'set', path: [...path, 'extra'], value: fresh } as const]
      : []),
  ];
  return at(edits, 1);
}

function placesOf(value: PlainValue, path: YamlPath = []): { path: YamlPath; value: PlainValue }[] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [
    { path, value },
    ...inner.flatMap(([key, each]) => placesOf(each, [...path, isList(value) ? Number(key) : key])),
  ];
}

function startsWith(path: YamlPath, prefix: YamlPath): boolean {
  return prefix.every((step, index) => path[index] === step);
}

/** Whether an edit may change a line: what it edits, and the brackets or the emptied key that hold it. */
function mayChange(line: WrittenLine, edit: Edit, value: PlainValue): boolean {
  if (line.text === '' || startsWith(line.path, edit.path)) return true;
  if (!startsWith(edit.path, line.path)) return false;
  const holder = plainAt(value, edit.path.slice(0, -1));
  const isAlone = typeof holder === 'object' && holder !== null && Object.keys(holder).length <= 1;
  return line.flow || (isAlone && line.path.length === edit.path.length - 1);
}

/** Keys that a new value has in common with the old one keep their place, so their order below it is not told by the edit. */
function settled(value: PlainValue, edit: Edit): PlainValue {
  if (edit.kind !== 'set') return value;
  return applyPlain(value, { ...edit, value: sorted(plainAt(value, edit.path) ?? null) });
}

function sorted(value: PlainValue): PlainValue {
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map(sorted);
  const entries = Object.entries(value).map(([key, each]) => [key, sorted(each)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const choices = fc.array(fc.nat(997), { minLength: 4, maxLength: 4 });
const fresh = fc.oneof(
  scalar,
  routing,
  fc.constant([] as PlainValue),
  fc.constant({ a: 1, b: ['x'] } as PlainValue),
);

it('changes only the lines it must, says what was asked, and goes back byte for byte', () => {
  fc.assert(
    fc.property(document, fc.nat(), choices, fresh, fc.boolean(), (value, seed, choice, next, crlf) => {
      const edit = editOf(value, choice, next);
      fc.pre(edit !== undefined && edit.path.length > 0);
      if (edit === undefined) return;
      const lines = writeRandomYaml(value, seededRandom(seed));
      const eol = crlf ? '\r\n' : '\n';
      const text = lines.map((line) => `${line.text}${eol}`).join('');
      const before = plainOf(text);
      const { text: after, changes } = attempt(text, edit);
      const said = plainOf(after);
      expect(samePlain(said, applyPlain(before, edit))).toBe(true);
      expect(keyOrder(settled(said, edit))).toEqual(keyOrder(settled(applyPlain(before, edit), edit)));
      expect(applyChanges(text, changes)).toBe(after);
      expect(applyChanges(after, invertChanges(text, changes))).toBe(text);
      if (crlf) expect(after.replaceAll('\r\n', '')).not.toContain('\n');
      const left = after.split(eol);
      let at = 0;
      for (const line of lines) {
        if (mayChange(line, edit, value)) continue;
        const found = left.indexOf(line.text, at);
        expect(
          found,
          `${JSON.stringify(edit)} lost the line ${line.text}\n${text}\n---\n${after}`,
        ).toBeGreaterThanOrEqual(0);
        at = found + 1;
      }
    }),
    { numRuns: 500 },
  );
});

it('takes a row of edits as it takes their meaning', () => {
  fc.assert(
    fc.property(
      document,
      fc.nat(),
      fc.array(fc.tuple(choices, fresh), { maxLength: 8 }),
      (value, seed, steps) => {
        const start = writeRandomYaml(value, seededRandom(seed))
          .map((line) => `${line.text}\n`)
          .join('');
        const undo: ReturnType<typeof invertChanges>[] = [];
        let text = start;
        let meaning: PlainValue = plainOf(start);
        for (const [choice, next] of steps) {
          const edit = editOf(meaning, choice, next);
          if (edit === undefined || takes(meaning, edit)) continue;
          const applied = attempt(text, edit);
          undo.push(invertChanges(text, applied.changes));
          text = applied.text;
          meaning = applyPlain(meaning, edit);
          expect(samePlain(plainOf(text), meaning)).toBe(true);
        }
        for (const back of undo.reverse()) text = applyChanges(text, back);
        expect(text).toBe(start);
      },
    ),
    { numRuns: 150 },
  );
});

/** Whether the new name of an edit is there already. */
function takes(value: PlainValue, edit: Edit): boolean {
  if (edit.kind !== 'rename' && edit.kind !== 'duplicate') return false;
  const holder = plainAt(value, edit.path.slice(0, -1));
  return typeof holder === 'object' && holder !== null && Object.hasOwn(holder, edit.name);
}

function plainOf(text: string): PlainValue {
  const { value, diagnostics } = parseYaml(text, 'x');
  expect(
    diagnostics.filter(({ severity }) => severity === 'error'),
    text,
  ).toEqual([]);
  return (value ?? null) as PlainValue;
}

function keyOrder(value: PlainValue): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return isList(value)
    ? value.map(keyOrder)
    : Object.entries(value).map(([key, each]) => [key, keyOrder(each)]);
}

/** Applies an edit; the error of a failure shows the text. */
function attempt(text: string, edit: Edit): ReturnType<typeof applyEdit> {
  try {
    return applyEdit(text, edit);
  } catch (cause) {
    throw new Error(`${JSON.stringify(edit)} fails on:\n${text}`, { cause });
  }
}
