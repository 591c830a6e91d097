import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readForm } from './read-form.ts';
import { fieldsOf, initialValues, labelOf } from './schema-form.ts';

const schema = {
  type: 'object',
  required: ['namespace', 'note'],
  properties: {
    namespace: { type: 'string', enum: ['ingress', 'billing'], description: 'Where the pods are' },
    level: { enum: [1, 2, 3], default: 2 },
    pods: { type: 'integer', title: 'Pods at a time', minimum: 1, maximum: 5, default: 1 },
    share: { type: 'number', exclusiveMinimum: 0 },
    dry_run: { type: 'boolean' },
    note: { type: 'string', minLength: 3, pattern: '^[a-z ]+$' },
    hosts: { type: 'array', items: { type: 'string' }, default: ['a', 'b'] },
    more: { type: 'object', default: { a: 1 } },
  },
};
const fields = fieldsOf(schema);
const good = { ...initialValues(fields), note: 'all well' };

describe('the form of a schema', () => {
  it('gives each property its control and its start', () => {
    expect(fields.map((field) => [field.key, field.kind, field.initial])).toEqual([
      ['namespace', 'select', '"ingress"'],
      ['level', 'select', '2'],
      ['pods', 'number', '1'],
      ['share', 'number', ''],
      ['dry_run', 'switch', false],
      ['note', 'text', ''],
      ['hosts', 'lines', 'a\nb'],
      ['more', 'json', '{\n  "a": 1\n}'],
    ]);
    expect(fields.map((field) => field.label).slice(1, 5)).toEqual([
      'Level',
      'Pods at a time',
      'Share',
      'Dry run',
    ]);
    expect(fields[0]).toMatchObject({ required: true, hint: 'Where the pods are' });
  });

  it('is one JSON field when the schema names no properties, and none without a schema', () => {
    expect(fieldsOf({ type: 'object', additionalProperties: true }).map((field) => field.kind)).toEqual([
      'json',
    ]);
    expect([undefined, null, 4, [], {}].flatMap((rubbish) => fieldsOf(rubbish))).toEqual([]);
  });

  it('takes any rubbish as a schema and gives a form that can be read', () => {
    fc.assert(
      fc.property(
        fc.object({ key: fc.constantFrom('type', 'properties', 'enum', 'items', 'default', 'a') }),
        (any) => {
          const rubbish = fieldsOf({ properties: any, required: any.enum });
          const reading = readForm(rubbish, initialValues(rubbish));
          expect(JSON.stringify(reading)).toEqual(expect.any(String));
        },
      ),
    );
  });

  it('ignores a pattern that is none', () => {
    const [field] = fieldsOf({ properties: { a: { type: 'string', pattern: '(' } } });
    expect(field).toMatchObject({ kind: 'text', pattern: undefined });
  });

  it('says keys as words', () => {
    expect(['dry_run', 'maxRetries', 'URL', 'target-host', '_'].map(labelOf)).toEqual([
      'Dry run',
      'Max retries',
      'URL',
      'Target host',
      '_',
    ]);
  });
});

describe('reading a form', () => {
  it('makes values of what was entered and leaves out what is empty', () => {
    expect(readForm(fields, { ...good, hosts: 'x\n\n y ', dry_run: true, more: '' })).toEqual({
      context: {
        namespace: 'ingress',
        level: 2,
        pods: 1,
        dry_run: true,
        note: 'all well',
        hosts: ['x', ' y '],
      },
      errors: {},
    });
  });

  it.each([
    ['note', '', 'Note is needed.'],
    ['note', 'ab', 'Use at least 3 characters.'],
    ['note', 'UP HERE', 'This does not fit ^[a-z ]+$.'],
    ['pods', '9', 'Use a whole number, 1 to 5.'],
    ['pods', '1.5', 'Use a whole number, 1 to 5.'],
    ['pods', '0x2', 'Use a whole number, 1 to 5.'],
    ['share', 'much', 'Use a number.'],
    ['more', '{a}', 'This is not JSON. Texts stand in double quotes.'],
  ])('says what is wrong with %s = %j', (key, entered, error) => {
    expect(readForm(fields, { ...good, [key]: entered }).errors).toEqual({ [key]: error });
  });

  it('takes a whole context as one object only', () => {
    const whole = fieldsOf({ type: 'object' });
    expect(readForm(whole, { '': '{"a": [1]}' }).context).toEqual({ a: [1] });
    expect(readForm(whole, { '': '[1]' }).errors['']).toContain('JSON object');
  });

  it('gives every whole number in range back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), (value) => {
        expect(readForm(fields, { ...good, pods: ` ${value} ` }).context.pods).toBe(value);
      }),
    );
  });
});
