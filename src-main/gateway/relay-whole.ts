import type { IncomingMessage } from 'node:http';
import type { AnswerMeter } from './answer-meter.ts';
import { CallFailure, networkFailure, reportedFailure } from './call-failure.ts';
import type { AnswerStep } from './formats/answer.ts';
import { parseJson } from './formats/loose.ts';
import { readAnswer, type WireFormat } from './wire-format.ts';

/** An answer that came in one piece. */
export interface WholeBody {
  readonly bytes: Buffer;
  readonly steps: readonly AnswerStep[];
}

const MOST_BYTES = 32 * 1_048_576;

/**
 * Reads an answer that is not streamed and looks into it.
 * @throws CallFailure when it is no answer; the reason of the signal.
 */
export async function readWhole(
  source: IncomingMessage,
  format: WireFormat,
  meter: AnswerMeter,
  signal: AbortSignal,
): Promise<WholeBody> {
  const bytes = await readAll(source, signal);
  const body = parseJson(bytes.toString('utf8'));
  if (typeof body !== 'object' || body === null) {
    const kind = source.headers['content-type'] ?? 'nothing it names';
    throw new CallFailure(`answered with ${kind}, which is no answer of a model`, { kind: 'down' });
  }
  const steps = readAnswer(format, body);
  for (const step of steps) meter.see(step);
  if (meter.error !== undefined) throw reportedFailure(meter.error.message, meter.error.type);
  if (!meter.begun && !meter.ended)
    throw new CallFailure('answered with JSON that is no answer of a model', { kind: 'down' });
  return { bytes, steps };
}

async function readAll(source: IncomingMessage, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MOST_BYTES)
        throw new CallFailure(`sent an answer of more than ${MOST_BYTES / 1_048_576} MB`, { kind: 'error' });
      chunks.push(chunk);
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error instanceof CallFailure ? error : networkFailure(error);
  }
  return Buffer.concat(chunks);
}
