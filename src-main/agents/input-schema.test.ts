import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatticeError } from '../../src-shared/errors.ts';
import { checkContext, toInputSchema } from './input-schema.ts';

describe('toInputSchema', () => {
  it('takes JSON Schema as it is', async () => {
    const schema = { type: 'object', properties: { n: { type: 'integer', maximum: 5 } }, required: ['n'] };
    expect(await toInputSchema(schema)).toEqual(schema);
    expect(schema.required).toEqual(['n']);
  });

  it('turns Picoschema into JSON Schema, with defaults', async () => {
    const pico = {
      text: 'string, the text',
      'mode?(enum, how)': ['a', 'b'],
      'tags(array)': 'string',
      'n?': 'integer',
    };
    expect(await toInputSchema(pico, { mode: 'a', tags: [] })).toEqual({
      type: 'object',
      properties: {
        text: { type: 'string', description: 'the text' },
        mode: { enum: ['a', 'b'], description: 'how', default: 'a' },
        n: { type: 'integer' },
        tags: { type: 'array', items: { type: 'string' }, default: [] },
      },
      required: ['text'],
      additionalProperties: false,
    });
    expect(pico['mode?(enum, how)']).toEqual(['a', 'b']);
  });

  it('takes none', async () => {
    expect(await toInputSchema(undefined)).toBeUndefined();
    expect(await toInputSchema(null)).toBeUndefined();
  });

  it.each([
    ['a text', /map of fields/],
    [{ a: 'nosuchtype' }, /nosuchtype/],
    [{ type: 'array', items: {} }, /describe an object/],
    [{ type: 'object', if: {} }, /if\/then\/else/],
    [{ type: 'object', properties: { a: 'x' } }, /cannot be used/],
    [{ type: 'object', properties: { a: { type: 'string', pattern: '(' } } }, /regular expression/i],
    [{ type: 'object', properties: { a: { description: 'x'.repeat(40_000) } } }, /larger than 32 KiB/],
    [{ type: 'object', properties: { a: { $ref: 'https://example.com/x' } } }, /\$ref/],
  ])('refuses %j', async (schema, message) => {
    await expect(toInputSchema(schema)).rejects.toThrow(message);
    await expect(toInputSchema(schema)).rejects.toBeInstanceOf(LatticeError);
  });

  it('only ever fails with an error that a person can act on', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (schema) => {
        try {
          const made = await toInputSchema(schema);
          if (made !== undefined) expect(made.type).toBe('object');
        } catch (error) {
          expect(error).toBeInstanceOf(LatticeError);
        }
      }),
    );
  });
});

describe('checkContext', () => {
  it('leaves a context alone when there is no schema', () => {
    expect(checkContext('a', undefined, { any: '1' })).toEqual({ any: '1' });
  });

  it('turns text into what a field asks for, and only then', () => {
    const type = (name: string) => ({ type: name });
    const schema = {
      type: 'object',
      properties: {
        n: type('number'),
        i: type('integer'),
        b: type('boolean'),
        s: type('string'),
        either: { type: ['string', 'number'] },
      },
    };
    expect(
      checkContext('a', schema, { n: '1.5', i: '2', b: 'true', s: '3', either: '4', other: '5' }),
    ).toEqual({
      n: 1.5,
      i: 2,
      b: true,
      s: '3',
      either: '4',
      other: '5',
    });
    expect(checkContext('a', schema, { n: null, s: 'x' })).toEqual({ s: 'x' });
    expect(() => checkContext('a', schema, { n: '' })).toThrow(/n has to be a number/);
    expect(() => checkContext('a', schema, { b: 'yes' })).toThrow(/b has to be true or false/);
  });
});
