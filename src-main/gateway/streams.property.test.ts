import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ScriptedReply } from '../testing/model-provider.ts';
import { streamedAnswer } from '../testing/model-provider-formats.ts';
import { AnswerMeter, streamSteps } from './answer-meter.ts';
import { type AnswerStep, type StepWriter, wholeAnswer } from './formats/answer.ts';
import { chatStepWriter } from './formats/chat-answer.ts';
import { messagesStepWriter } from './formats/messages-answer.ts';
import { responsesStepWriter } from './formats/responses-writer.ts';
import { stepReader, type WireFormat, wireFormats } from './wire-format.ts';

const head = { id: 'x', model: 'alpha/one', created: 1 };
const writerOf: Record<WireFormat, () => StepWriter> = {
  chat: () => chatStepWriter(head, true),
  messages: () => messagesStepWriter(head),
  responses: () => responsesStepWriter(head, new Set()),
};

const words = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
const reply: fc.Arbitrary<ScriptedReply> = fc.record({
  text: fc.array(words, { maxLength: 5 }),
  toolCalls: fc.array(
    fc.record({
      name: fc.stringMatching(/^[a-z_]{1,12}$/),
      arguments: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.jsonValue(), { maxKeys: 3 }),
    }),
    { maxLength: 3 },
  ),
  usage: fc.record({ input: fc.nat(100_000), output: fc.nat(100_000) }),
});

/** Bytes cut at any places. */
function cutUp(bytes: Buffer, places: readonly number[]): Buffer[] {
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));
}

function readAll(format: WireFormat, chunks: readonly Buffer[]): AnswerStep[] {
  const read = streamSteps(format, new AnswerMeter());
  return chunks.flatMap((chunk) => read(chunk));
}

describe.each(wireFormats)('a stream of %s', (format) => {
  test('reads the same wherever it is cut', () => {
    fc.assert(
      fc.property(
        reply,
        fc.array(fc.nat(), { maxLength: 20 }),
        fc.boolean(),
        (scripted, places, carriage) => {
          const events = streamedAnswer(format, 'one', scripted).map((event) => event.text);
          const text = carriage ? events.join('').replaceAll('\n', '\r\n') : events.join('');
          const bytes = Buffer.from(text);
          const steps = readAll(format, cutUp(bytes, places));
          expect(steps).toEqual(readAll(format, [bytes]));
          const { text: said, calls, use } = wholeAnswer(steps);
          expect(Buffer.from(said)).toEqual(Buffer.from([scripted.text ?? ''].flat().join('')));
          expect(calls.map((call) => [call.name, JSON.parse(call.arguments || '{}')])).toEqual(
            (scripted.toolCalls ?? []).map((call) => [call.name, JSON.parse(JSON.stringify(call.arguments))]),
          );
          expect(scripted.usage).toEqual({ input: use.input, output: use.output });
        },
      ),
    );
  });

  test.each(wireFormats)('written from one of %s means the same', (from) => {
    fc.assert(
      fc.property(reply, (scripted) => {
        const events = streamedAnswer(from, 'one', scripted).map((event) => event.text);
        const original = readAll(from, [Buffer.from(events.join(''))]);
        const writer = writerOf[format]();
        const written = `${original.map((step) => writer.write(step)).join('')}${writer.end()}`;
        expect(wholeAnswer(readAll(format, [Buffer.from(written)]))).toMatchObject({
          ...wholeAnswer(original),
          use: { input: expect.any(Number), output: expect.any(Number) },
        });
      }),
      { numRuns: 50 },
    );
  });

  test('keeps calls apart whose arguments come in turns', () => {
    const steps: AnswerStep[] = [
      { kind: 'text', text: 'two at once' },
      { kind: 'tool', index: 0, id: 'a', name: 'read' },
      { kind: 'tool', index: 1, id: 'b', name: 'read' },
      { kind: 'arguments', index: 1, text: '{"x":' },
      { kind: 'arguments', index: 0, text: '{"y":' },
      { kind: 'arguments', index: 1, text: '1}' },
      { kind: 'arguments', index: 0, text: '2}' },
      { kind: 'stop', reason: 'tool' },
      { kind: 'end' },
    ];
    const writer = writerOf[format]();
    const written = `${steps.map((step) => writer.write(step)).join('')}${writer.end()}`;
    expect(wholeAnswer(readAll(format, [Buffer.from(written)])).calls).toEqual([
      { id: 'a', name: 'read', arguments: '{"y":2}' },
      { id: 'b', name: 'read', arguments: '{"x":1}' },
    ]);
  });

  test('never throws for any JSON or text', () => {
    const read = stepReader(format);
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json()),
        fc.option(fc.string(), { nil: undefined }),
        (data, event) => {
          expect(Array.isArray(read(data, event))).toBe(true);
        },
      ),
    );
  });
});

test('calls that a provider gives all the same index are told apart by their ids', () => {
  const read = stepReader('chat');
  const line = (call: object) => JSON.stringify({ choices: [{ delta: { tool_calls: [call] } }] });
  const steps = [
    ...read(line({ index: 0, id: 'a', function: { name: 'one', arguments: '{}' } }), undefined),
    ...read(line({ index: 0, id: 'b', function: { name: 'two', arguments: '{"x":1}' } }), undefined),
  ];
  expect(wholeAnswer(steps).calls).toEqual([
    { id: 'a', name: 'one', arguments: '{}' },
    { id: 'b', name: 'two', arguments: '{"x":1}' },
  ]);
});
