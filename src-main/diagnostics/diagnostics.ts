import { strToU8, zipSync } from 'fflate';
import { LatticeError } from '../../src-shared/errors.ts';
import type { DiagnosticsList } from '../../src-shared/views/diagnostics.ts';
import type { DiagnosticsFile } from './collect.ts';

const TEXT_LEVEL = 6;

/** The name of a diagnostics file that is made now. */
export function diagnosticsName(now: Date): string {
  return `lattice-diagnostics-${now.toISOString().slice(0, 16).replaceAll(/[:T]/g, '-')}.zip`;
}

/** What was collected last, so that what is written is what was shown. */
export class Diagnostics {
  readonly #collect: () => Promise<DiagnosticsFile[]>;
  #zip: Uint8Array | undefined;

  constructor(collect: () => Promise<DiagnosticsFile[]>) {
    this.#collect = collect;
  }

  /** Collects anew and says what there is; nothing is written. */
  async collect(): Promise<DiagnosticsList> {
    const found = await this.#collect();
    const contents = found.map(({ name, what }) => `${name}\n    ${what}\n`).join('');
    const files = [{ name: 'contents.txt', what: 'This list.', text: contents }, ...found];
    const packed = Object.fromEntries(files.map(({ name, text }) => [name, strToU8(text)]));
    this.#zip = zipSync(packed, { level: TEXT_LEVEL });
    return {
      bytes: this.#zip.length,
      files: files.map(({ name, what }) => ({ name, what, bytes: packed[name]?.length ?? 0 })),
    };
  }

  /** What was collected last, as a zip. @throws LatticeError `not_found` before anything was. */
  get zip(): Uint8Array {
    if (this.#zip) return this.#zip;
    throw new LatticeError('not_found', 'No diagnostics were collected yet.', {
      hint: 'Collect them first.',
    });
  }
}
