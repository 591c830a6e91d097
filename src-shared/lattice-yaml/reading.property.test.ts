import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { checkMeaning } from './meaning.ts';
import { isMap, mergeLayers } from './merge.ts';
import { readLatticeYaml } from './read.ts';

const name = fc
  .stringMatching(/^[a-z][a-z0-9-]{0,8}$/)
  .filter((text) => text !== 'constructor' && text !== 'prototype');
const model = fc.tuple(name, name).map(([provider, id]) => `${provider}/${id}`);
const models = fc.array(model, { minLength: 1, maxLength: 4 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const routing = fc.oneof(
  models,
  fc.record({ strategy: fc.constantFrom('fallback', 'round_robin', 'least_cost', 'lowest_latency'), models }),
  fc.record({
    strategy: fc.constant('pattern'),
    pattern: models,
    on_unavailable: fc.constantFrom('next', 'retry'),
  }),
  fc.record({
    strategy: fc.constant('weighted'),
    weights: fc.dictionary(model, fc.integer({ min: 1, max: 99 })),
  }),
  fc.record({
    strategy: fc.constant('burst'),
    iterate: model,
    final: model,
    burst_size: fc.integer({ min: 1, max: 9 }),
  }),
);
const run = fc.oneof(
  fc.record({ command: fc.array(name, { minLength: 1, maxLength: 3 }) }),
  fc.record({ acp: fc.constantFrom('opencode', 'claude'), max_steps: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ model: fc.constant(true), mcp: fc.array(name, { maxLength: 2 }) }),
);
const text = fc.string({ maxLength: 40 });
const document = fc
  .record({
    name: maybe(text),
    version: maybe(fc.oneof(text, fc.integer())),
    providers: maybe(
      fc.dictionary(
        name,
        fc.record({
          env: name,
          local_budget: fc.oneof(fc.constant('unlimited'), fc.integer({ min: 0, max: 99 })),
        }),
      ),
    ),
    defaults: maybe(fc.record({ agents_dir: name, routing })),
    agents: maybe(
      fc.dictionary(
        name,
        fc.record({
          path: name,
          description: text,
          triggers: fc.array(name, { maxLength: 3 }),
          routing,
          run,
        }),
      ),
    ),
    commands: maybe(fc.dictionary(name, fc.record({ action: name, description: text }))),
    hooks: maybe(fc.record({ pre_agent: fc.array(fc.record({ action: name, when: text })) })),
  })
  .map((value) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>);
const plain = fc.object({
  maxDepth: 4,
  key: name,
  values: [fc.string(), fc.integer(), fc.boolean(), fc.constant(null)],
});

/** The values of a document by their path; an empty map or list counts as a value. */
function leaves(value: unknown, path: string[] = []): [string, unknown][] {
  const entries = isMap(value) ? Object.entries(value) : [];
  return entries.length === 0
    ? [[path.join('.'), value]]
    : entries.flatMap(([key, child]) => leaves(child, [...path, key]));
}

function at(value: unknown, path: string): unknown {
  return path === ''
    ? value
    : path.split('.').reduce<unknown>((inner, key) => (isMap(inner) ? inner[key] : undefined), value);
}

describe('mergeLayers', () => {
  it('has every value of the upper layer that is not empty, and of the lower one where the upper says nothing', () => {
    fc.assert(
      fc.property(plain, plain, (base, over) => {
        const before = JSON.stringify([base, over]);
        const merged = mergeLayers(base, over);
        for (const [path, value] of leaves(over))
          if (value !== null && !isMap(value)) expect(at(merged, path)).toEqual(value);
        for (const [key, value] of Object.entries(base))
          if (!Object.hasOwn(over, key) || over[key] === null) expect(at(merged, key)).toEqual(value);
        expect(JSON.stringify([base, over])).toBe(before);
      }),
    );
  });

  it('changes nothing with an empty layer or with itself', () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(mergeLayers(value, {})).toEqual(value);
        expect(mergeLayers({}, value)).toEqual(value);
        expect(mergeLayers(value, value)).toEqual(value);
        expect(mergeLayers(value, null)).toEqual(value);
      }),
    );
  });
});

describe('readLatticeYaml', () => {
  it('reads back every document that fits the schema, in any style', () => {
    fc.assert(
      fc.property(document, fc.constantFrom<1 | 2 | 4>(1, 2, 4), fc.boolean(), (value, indent, flow) => {
        const yaml = stringify(value, { indent, ...(flow ? { collectionStyle: 'flow' as const } : {}) });
        const { value: read, diagnostics } = readLatticeYaml([{ source: 'lattice.yaml', text: yaml }]);
        expect(diagnostics.filter((each) => each.severity === 'error')).toEqual([]);
        expect(read).toEqual(value);
      }),
    );
  });

  it('survives every damage of a text, and points into it', () => {
    fc.assert(
      fc.property(
        document,
        fc.nat(),
        fc.nat(30),
        fc.string({ unit: 'binary', maxLength: 12 }),
        (value, where, cut, junk) => {
          const whole = stringify(value);
          const start = where % (whole.length + 1);
          const damaged = whole.slice(0, start) + junk + whole.slice(start + cut);
          const {
            value: read,
            diagnostics,
            layers,
          } = readLatticeYaml([{ source: 'lattice.yaml', text: damaged }]);
          const [first] = layers;
          if (read !== undefined && first !== undefined)
            diagnostics.push(...checkMeaning(read, [first], { hasVariable: () => false }));
          const lines = damaged.split('\n').length;
          for (const each of diagnostics) {
            expect(each.line).toBeGreaterThanOrEqual(1);
            expect(each.line).toBeLessThanOrEqual(lines);
            expect(each.column).toBeGreaterThanOrEqual(1);
            expect(each.message).not.toMatch(/undefined|\[object/);
          }
          expect(diagnostics.length > 0 || read !== undefined).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});
