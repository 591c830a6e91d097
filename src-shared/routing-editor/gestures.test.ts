import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits, type PlainValue } from '../lattice-yaml/edit/edit.ts';
import { parseYaml } from '../lattice-yaml/parse-yaml.ts';
import { routingSchema } from '../lattice-yaml/routing-schema.ts';
import { planRouting, type RoutingConfig, strategies } from '../routing/plan.ts';
import { editsOf, type Gesture, modelsOf } from './gestures.ts';
import { ratioOf, resizeRun, runsOf, slotKeys, slotsOfRatio } from './runs.ts';

const PATH = ['agents', 'coder', 'routing'];
const FILE = `agents:
  coder:
    path: coder.md
    routing:  # cheap first
      strategy: pattern
      pattern:
        - a/one
        - a/one  # twice
        - b/two
      on_unavailable: next
`;

function routingOf(text: string): PlainValue {
  const value = parseYaml(text, 'x').value as { agents: { coder: { routing?: PlainValue } } };
  return value.agents.coder.routing ?? null;
}

function make(text: string, ...gestures: Gesture[]): string {
  return gestures.reduce((file, gesture) => applyEdits(file, editsOf(gesture, PATH, routingOf(file))), text);
}

describe('gestures', () => {
  it('changes the strategy over the same models and keeps the comments', () => {
    expect(make(FILE, { kind: 'strategy', to: 'round_robin' })).toBe(`agents:
  coder:
    path: coder.md
    routing:  # cheap first
      strategy: round_robin
      models:
        - a/one
        - b/two
      on_unavailable: next
`);
    expect(make(FILE, { kind: 'strategy', to: 'weighted' })).toContain(
      '      strategy: weighted\n      on_unavailable: next\n      weights:\n        a/one: 1\n        b/two: 1\n',
    );
    expect(make(FILE, { kind: 'strategy', to: 'pattern' })).toBe(FILE);
  });

  it('pulls a run longer and shorter at its end', () => {
    const [run] = runsOf(['a/one', 'a/one', 'b/two']);
    if (run === undefined) throw new Error('There is a run.');
    const longer = make(FILE, { kind: 'resize', run, size: 4 });
    expect(longer).toBe(
      FILE.replace('a/one  # twice\n', 'a/one  # twice\n        - a/one\n        - a/one\n'),
    );
    expect(make(longer, { kind: 'resize', run: { ...run, size: 4 }, size: 2 })).toBe(FILE);
  });

  it('turns a plain list into a map only when an option needs one', () => {
    const list = 'agents:\n  coder:\n    routing:\n      - a/one\n';
    expect(make(list, { kind: 'add', model: 'b/two' })).toBe(`${list}      - b/two\n`);
    expect(routingOf(make(list, { kind: 'option', key: 'sticky', value: true }))).toEqual({
      strategy: 'fallback',
      models: ['a/one'],
      sticky: true,
    });
    expect(make(FILE, { kind: 'option', key: 'on_unavailable', value: undefined })).not.toContain(
      'on_unavailable',
    );
  });

  it('keeps a routing valid and the file readable, whatever a person does in the picture', () => {
    const model = fc.constantFrom('a/one', 'b/two', 'c/three');
    const place = fc.nat(9);
    const gesture = fc.oneof(
      fc.record({ kind: fc.constant('strategy' as const), to: fc.constantFrom(...strategies) }),
      fc.record({ kind: fc.constant('add' as const), model }),
      fc.record({ kind: fc.constant('move' as const), from: place, to: place }),
      fc.record({ kind: fc.constant('remove' as const), index: place }),
      fc.record({ kind: fc.constant('paint' as const), index: place, model }),
      fc.record({ kind: fc.constant('fill' as const), models: fc.array(model, { maxLength: 6 }) }),
      fc.record({
        kind: fc.constant('option' as const),
        key: fc.constant('on_unavailable' as const),
        value: fc.constantFrom('next', 'retry', undefined),
      }),
    ) as fc.Arbitrary<Gesture>;
    fc.assert(
      fc.property(fc.array(gesture, { maxLength: 12 }), (gestures) => {
        let text = FILE;
        for (const each of gestures) {
          if (!possible(each, routingOf(text))) continue;
          const models = modelsOf(routingOf(text));
          text = make(text, each);
          if (each.kind === 'strategy')
            expect(new Set(modelsOf(routingOf(text)))).toEqual(new Set(kept(each, models)));
        }
        const routing = routingOf(text);
        expect(routingSchema.safeParse(routing).success, text).toBe(true);
        expect(planRouting(routing as RoutingConfig).strategy).toBeDefined();
        expect(text.startsWith('agents:\n  coder:\n    path: coder.md\n    routing:')).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});

/** A burst has two models; every other strategy keeps all of them. */
function kept(gesture: Gesture, models: string[]): string[] {
  return gesture.kind === 'strategy' && gesture.to === 'burst' ? [...new Set(models)].slice(0, 2) : models;
}

/** Whether the picture offers the gesture now. */
function possible(gesture: Gesture, routing: PlainValue): boolean {
  const plan = planRouting(routing as RoutingConfig);
  const row = modelsOf(routing).length;
  const hasRow = plan.strategy !== 'weighted' && plan.strategy !== 'burst';
  switch (gesture.kind) {
    case 'strategy':
      return row > 0;
    case 'move':
      return hasRow && gesture.from < row && gesture.to < row && gesture.from !== gesture.to;
    case 'remove':
    case 'paint':
      return hasRow && gesture.index < row;
    case 'add':
    case 'fill':
      return hasRow;
    default:
      return true;
  }
}

describe('runs', () => {
  it('finds, resizes and names them', () => {
    expect(runsOf(['a', 'a', 'b', 'a'])).toEqual([
      { model: 'a', start: 0, size: 2 },
      { model: 'b', start: 2, size: 1 },
      { model: 'a', start: 3, size: 1 },
    ]);
    expect(resizeRun(['a', 'b'], { model: 'a', start: 0, size: 1 }, 3)).toEqual(['a', 'a', 'a', 'b']);
    expect(resizeRun(['a', 'b'], { model: 'a', start: 0, size: 1 }, -4)).toEqual(['a', 'b']);
    expect(resizeRun(['a'], { model: 'a', start: 0, size: 1 }, 999)).toHaveLength(60);
    expect(ratioOf(slotsOfRatio(['a', 'b'], [4, 1]))).toBe('4:1');
    expect(ratioOf(['a', 'b', 'a'])).toBeUndefined();
    expect(slotKeys(['a', 'b', 'a'])).toEqual(['a 0', 'b 0', 'a 1']);
  });
});
