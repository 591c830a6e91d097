import { MsgHdrsImpl } from '@nats-io/nats-core';

/** Headers that are one string already; the library's own cost more than the message. */
export class LineHeaders extends MsgHdrsImpl {
  readonly #lines: string;

  /** `lines` end with CR LF each. */
  constructor(lines: string) {
    super();
    this.#lines = lines;
  }

  override encode(): Uint8Array {
    return Buffer.from(`NATS/1.0\r\n${this.#lines}\r\n`);
  }
}
