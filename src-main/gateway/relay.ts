import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AnswerMeter, streamSteps } from './answer-meter.ts';
import { CallFailure, networkFailure, reportedFailure } from './call-failure.ts';
import type { StepWriter } from './formats/answer.ts';
import { errorEvent, type WireFormat } from './wire-format.ts';

export interface RelayOptions {
  source: IncomingMessage;
  client: ServerResponse;
  meter: AnswerMeter;
  /** What the provider speaks. */
  from: WireFormat;
  /** What the client speaks. */
  to: WireFormat;
  /** Writes the client's format where it is another one. */
  writer?: StepWriter | undefined;
  /** Sends the headers; nothing can be taken back from then on. */
  commit: () => void;
  /** Hears of the first piece of the answer. */
  onBegun: () => void;
  /** How long the stream may be silent, in ms. */
  silenceMs: number;
  signal: AbortSignal;
}

/** Held back until the answer begins, so that another model can take the call; more than this is let go. */
const MOST_HELD = 262_144;

/**
 * Passes a stream on, no faster than the client takes it. Until the answer begins nothing is sent; what breaks later is
 * reported in the client's format.
 * @throws CallFailure, with `sent` telling whether the client has heard of it; the reason of the signal.
 */
export async function relayStream(options: RelayOptions): Promise<void> {
  const { source, client, meter, writer, signal } = options;
  const stream = new ClientStream(options);
  const read = streamSteps(options.from, meter);
  const silence = watchSilence(source, options.silenceMs);
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      silence.heard();
      const before = meter.begun;
      const steps = read(chunk);
      if (!before && meter.begun) options.onBegun();
      if (meter.error !== undefined && !stream.committed) break;
      if (writer === undefined) stream.addBytes(chunk);
      else stream.addText(steps.map((step) => writer.write(step)).join(''));
      if (meter.begun || meter.ended || meter.blind) stream.commit();
      if (writer !== undefined && meter.blind)
        throw new CallFailure('sent one piece of more than 4 MB', { kind: 'error' });
      if (!stream.blocked) continue;
      silence.pause();
      await once(client, 'drain', { signal });
      stream.blocked = false;
      silence.heard();
    }
    if (meter.error !== undefined) {
      const failure = reportedFailure(meter.error.message, meter.error.type);
      if (stream.committed) stream.finish();
      throw failure;
    }
    if (!meter.ended && !meter.blind)
      throw new CallFailure('ended its stream in the middle', { kind: 'down' });
    stream.commit();
    stream.finish(writer?.end());
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const failure = error instanceof CallFailure ? error : (silence.failure() ?? networkFailure(error));
    if (stream.committed && !stream.finished) stream.fail(failure);
    throw failure;
  } finally {
    silence.end();
    source.destroy();
  }
}

/** The client's side of a stream: whole events only, and none before the answer begins. */
class ClientStream {
  committed = false;
  finished = false;
  blocked = false;
  #held: Buffer[] = [];
  #heldSize = 0;
  #part: Buffer = Buffer.alloc(0);
  readonly #options: RelayOptions;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /** Passes bytes on up to the last whole event: half an event in front of an error would spoil the error. */
  addBytes(chunk: Buffer): void {
    const all = this.#part.length === 0 ? chunk : Buffer.concat([this.#part, chunk]);
    const end = endOfEvents(all);
    const whole = all.length - end > MOST_HELD ? all.length : end;
    this.#part = all.subarray(whole);
    if (whole > 0) this.#send(all.subarray(0, whole));
  }

  addText(words: string): void {
    if (words !== '') this.#send(Buffer.from(words));
  }

  commit(): void {
    if (this.committed) return;
    this.committed = true;
    this.#options.commit();
    const held = this.#held;
    this.#held = [];
    for (const chunk of held) this.#send(chunk);
  }

  finish(last = ''): void {
    this.finished = true;
    const rest = Buffer.concat([this.#part, Buffer.from(last)]);
    this.#options.client.end(rest);
  }

  fail(failure: CallFailure): void {
    this.finished = true;
    const { writer, to, client } = this.#options;
    const message = `The model ${failure.message}.`;
    client.end(writer === undefined ? errorEvent(to, message) : writer.write({ kind: 'error', message }));
  }

  #send(chunk: Buffer): void {
    if (this.committed) {
      this.blocked = !this.#options.client.write(chunk);
      return;
    }
    this.#held.push(chunk);
    this.#heldSize += chunk.length;
    if (this.#heldSize > MOST_HELD) this.commit();
  }
}

const LF = 10;
const CR = 13;

/** The place after the last empty line. */
function endOfEvents(bytes: Buffer): number {
  for (let at = bytes.lastIndexOf(LF); at > 0; at = bytes.lastIndexOf(LF, at - 1)) {
    const before = bytes[at - 1] === CR ? at - 2 : at - 1;
    if (bytes[before] === LF) return at + 1;
  }
  return 0;
}

/** Ends a source that says nothing for too long. */
function watchSilence(source: IncomingMessage, silenceMs: number) {
  let failure: CallFailure | undefined;
  let paused = false;
  const timer = setTimeout(() => {
    if (paused) return void timer.refresh();
    failure = new CallFailure(`sent nothing for ${Math.round(silenceMs / 1_000)} s`, { kind: 'down' });
    source.destroy(failure);
  }, silenceMs);
  return {
    heard() {
      paused = false;
      timer.refresh();
    },
    /** The client is slow, which is not the fault of the source. */
    pause() {
      paused = true;
    },
    failure: () => failure,
    end: () => clearTimeout(timer),
  };
}
