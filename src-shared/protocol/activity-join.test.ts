import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Activity, activitySchema } from './activity.ts';
import { fitActivity, joinActivity } from './activity-join.ts';

const text = (id: string, piece: string, role: 'answer' | 'thought' = 'answer'): Activity => ({
  kind: 'text',
  id,
  role,
  text: piece,
});
const tool = (id: string, status: 'running' | 'completed', output?: string): Activity => ({
  kind: 'tool',
  id,
  title: 'Run the tests',
  tool_kind: 'execute',
  status,
  ...(output === undefined ? {} : { output }),
});

/** All messages in order, joined where they can be, as a writer does it. */
function written(all: readonly Activity[]): Activity[] {
  const out: Activity[] = [];
  for (const piece of all.flatMap(fitActivity)) {
    const last = out.at(-1);
    const joined = last && joinActivity(last, piece);
    if (joined) out[out.length - 1] = joined;
    else out.push(piece);
  }
  return out;
}

describe('activities', () => {
  it('keep every character and the order of speakers when they are joined and cut', () => {
    const piece = fc.record({
      id: fc.constantFrom('a', 'b'),
      role: fc.constantFrom('answer' as const, 'thought' as const),
      text: fc.oneof(
        fc.string({ unit: 'binary', maxLength: 20 }),
        fc.nat(60_000).map((n) => '🙂x'.repeat(n / 3)),
      ),
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const after = written(pieces.map((one) => text(one.id, one.text, one.role)));
        const said = (all: readonly { id: string; role: string; text: string }[]) =>
          all.flatMap((one) => [...one.text].map((char) => `${one.id}${one.role}${char}`)).join('');
        const texts = after.flatMap((one) => (one.kind === 'text' ? [one] : []));
        expect(said(texts)).toBe(said(pieces));
        for (const one of texts) expect(one.text.length).toBeLessThanOrEqual(32_768);
      }),
      { numRuns: 25 },
    );
  });

  it('replace a plan, a tool call and a model call by what came later, but only of the same id', () => {
    expect(written([tool('1', 'running'), tool('1', 'completed', 'ok')])).toEqual([
      tool('1', 'completed', 'ok'),
    ]);
    expect(written([tool('1', 'running'), tool('2', 'running')])).toHaveLength(2);
    expect(written([text('1', 'a'), text('1', 'b', 'thought')])).toHaveLength(2);
    expect(written([text('1', 'a'), tool('1', 'running')])).toHaveLength(2);
  });

  it('cut long details and say how much is missing', () => {
    const [cut] = fitActivity({
      ...tool('1', 'completed', `${'x'.repeat(99_999)}🙂 and more`),
      input: { text: 'y'.repeat(200_000) },
      diffs: [{ path: 'a.txt', before: 'b'.repeat(150_000), after: 'c' }],
    } as Activity);
    expect(cut?.kind === 'tool' && cut.output?.endsWith('x\n[11 characters left out]')).toBe(true);
    expect(JSON.stringify(cut).length).toBeLessThan(310_000);
    expect(activitySchema.safeParse(cut).success).toBe(true);
  });
});
