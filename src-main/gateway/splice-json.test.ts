import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spliceJson } from './splice-json.ts';

test('changes the value of a key and no other byte', () => {
  const json = '\n{ "a" : [1,{"model":"inner"},"}"] ,"model":\t"old\\"}" ,\r\n"b":-1.50e+3,"c":{}}  ';
  expect(spliceJson(json, { model: '"new"' })).toBe(
    '\n{ "a" : [1,{"model":"inner"},"}"] ,"model":\t"new" ,\r\n"b":-1.50e+3,"c":{}}  ',
  );
});

test('finds a key that is written with escapes, and one that is written twice', () => {
  expect(spliceJson('{"mod\\u0065l":1,"model":2}', { model: '"x"' })).toBe('{"mod\\u0065l":"x","model":"x"}');
});

test('adds what is not there', () => {
  expect(spliceJson('{}', { a: '1', b: '{}' })).toBe('{"a":1,"b":{}}');
  expect(spliceJson('{ "x": null }', { a: '1' })).toBe('{ "x": null ,"a":1}');
});

test('means the same as setting the keys of the object, for any JSON', () => {
  const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string().filter((key) => key !== '__proto__'),
        fc.jsonValue(),
      ),
      fc.jsonValue(),
      fc.nat(4),
      space,
      (object, model, indent, around) => {
        const json = `${around}${JSON.stringify(object, undefined, indent)}${around}`;
        const spliced = spliceJson(json, { model: JSON.stringify(model) });
        expect(JSON.parse(spliced)).toEqual(JSON.parse(JSON.stringify({ ...object, model })));
      },
    ),
  );
});
