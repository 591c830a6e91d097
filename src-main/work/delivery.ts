import type { Msg, MsgHdrs } from '@nats-io/nats-core';

const NANOS_PER_MS = 1_000_000;

/** One delivery of a message of the work queue: what it says, and the ways to answer it. */
export interface Delivery {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: MsgHdrs | undefined;
  /** When the hub stored the message. */
  readonly time: Date;
  /** The queue that it is in. */
  readonly stream: string;
  /** The sequence in that queue; the same for each delivery of one message. */
  readonly seq: number;
  readonly redelivered: boolean;
  /** Messages of this lane that nobody has been given yet. */
  readonly pending: number;
  /** The work is done with: the message leaves the queue. */
  ack(): void;
  /** Hands the message back, for others to take at once or after `delayMs`. */
  nak(delayMs?: number): void;
  /** Keeps the lease: the message stays with us for another ack wait. */
  working(): void;
}

/** Reads a delivery from a message that a pull brought, or undefined when it is none. */
export function parseDelivery(message: Msg): Delivery | undefined {
  const tokens = message.reply?.split('.') ?? [];
  if (tokens[0] !== '$JS' || tokens[1] !== 'ACK') return undefined;
  // $JS.ACK[.domain.account].stream.consumer.delivered.streamSeq.consumerSeq.time.pending[.token]
  const at = tokens.length >= 11 ? 6 : 4;
  const [delivered, seq, , nanos, pending] = tokens.slice(at).map(Number);
  const stream = tokens[at - 2];
  if (delivered === undefined || stream === undefined || !Number.isSafeInteger(seq) || seq === undefined)
    return undefined;
  const answer = (text: string) => void message.respond(text);
  return {
    subject: message.subject,
    data: message.data,
    headers: message.headers,
    time: new Date((nanos ?? 0) / NANOS_PER_MS),
    stream,
    seq,
    redelivered: delivered > 1,
    pending: pending ?? 0,
    ack: () => answer('+ACK'),
    nak: (delayMs = 0) => answer(delayMs > 0 ? `-NAK {"delay":${delayMs * NANOS_PER_MS}}` : '-NAK'),
    working: () => answer('+WPI'),
  };
}
