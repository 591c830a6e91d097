import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { envelopeLines, readEnvelope, type SignedFields, type SignedKind, signedBytes } from './signed.ts';

const kinds: SignedKind[] = ['invoke', 'cancel', 'report', 'outcome', 'state', 'assign', 'said'];
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const fields: fc.Arbitrary<SignedFields> = fc.record({
  kind: fc.constantFrom(...kinds),
  subject: text,
  id: text,
  attempt: fc.nat(),
  buildsOn: fc.maxSafeNat(),
  signer: text,
  time: text,
  digest: fc.uint8Array({ minLength: 32, maxLength: 32 }),
});

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;
const plain = (each: SignedFields) => JSON.stringify({ ...each, digest: [...each.digest] });

describe('the bytes that are signed', () => {
  it('are others for any two messages that differ in anything', () => {
    fc.assert(
      fc.property(fields, fields, (a, b) => {
        expect(same(signedBytes(a), signedBytes(b))).toBe(plain(a) === plain(b));
      }),
      { numRuns: 2_000 },
    );
  });

  it('are others when one field changes', () => {
    const names = Object.keys({
      kind: 0,
      subject: 0,
      id: 0,
      attempt: 0,
      buildsOn: 0,
      signer: 0,
      time: 0,
      digest: 0,
    });
    fc.assert(
      fc.property(fields, fields, fc.constantFrom(...names), (a, b, name) => {
        const changed = { ...a, [name]: b[name as keyof SignedFields] };
        expect(same(signedBytes(a), signedBytes(changed))).toBe(plain(a) === plain(changed));
      }),
    );
  });

  it('do not let text move from one field into the next', () => {
    fc.assert(
      fc.property(fields, text, text, text, (base, left, middle, right) => {
        fc.pre(middle !== '');
        const a = signedBytes({ ...base, subject: left + middle, id: right });
        const b = signedBytes({ ...base, subject: left, id: middle + right });
        expect(same(a, b)).toBe(false);
      }),
    );
  });

  it('refuse half a character, which would read like another half', () => {
    const base = { kind: 'state', id: 'i', attempt: 0, buildsOn: 0, signer: 's', time: 't' } as const;
    for (const subject of ['\ud800', 'a\udc00', '\ud83d.\ude00'])
      expect(() => signedBytes({ ...base, subject, digest: new Uint8Array(32) })).toThrow('half a character');
    expect(signedBytes({ ...base, subject: '😀', digest: new Uint8Array(32) }).length).toBeGreaterThan(0);
  });
});

describe('the headers of a signed message', () => {
  const signature = 'A'.repeat(86);
  const envelope = { signer: 'forge', time: '2026-11-21T10:00:00.000Z', signature };
  const read = (lines: string) => {
    const found = new Map(lines.split('\r\n').map((line) => line.split(': ') as [string, string]));
    return readEnvelope((name) => found.get(name));
  };

  it('are read as they were written', () => {
    expect(read(envelopeLines(envelope))).toEqual(envelope);
  });

  it('say that a message is unsigned, or damaged, and take no rubbish', () => {
    expect(read('')).toBe('unsigned');
    for (const damage of [{ signer: 'a.b' }, { time: 'noon' }, { signature: 'short' }, { signature: '' }])
      expect(read(envelopeLines({ ...envelope, ...damage }))).toBe('malformed');
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (...values) => {
        let at = 0;
        expect(['unsigned', 'malformed', 'object']).toContain(
          ((found) => (typeof found === 'object' ? 'object' : found))(readEnvelope(() => values[at++])),
        );
      }),
    );
  });
});
