/**
 * @template T
 * @typedef {object} Source
 * @property {string} name In words, as the person reads it.
 * @property {() => Promise<T | undefined>} get Gives the runtime, or undefined when this source does not apply.
 */

/** Says that no source gave a runtime; the message names each one, why it failed and what to do. */
export class ProvisionError extends Error {
  /** @type {string} */
  hint;

  /**
   * @param {string} message
   * @param {string} hint
   */
  constructor(message, hint) {
    super(`${message}\n${hint}`);
    this.name = 'ProvisionError';
    this.hint = hint;
  }
}

/**
 * Says why one source cannot be used, in words for a person.
 */
export class SourceError extends Error {}

/**
 * Tries sources in order; the first that works wins.
 * @template T
 * @param {{what: string, sources: readonly Source<T>[], hint: string, report: (line: string) => void}} options
 * @returns {Promise<T>}
 * @throws {ProvisionError} when none works
 */
export async function firstThatWorks({ what, sources, hint, report }) {
  /** @type {string[]} */
  const reasons = [];
  for (const source of sources) {
    try {
      const found = await source.get();
      if (found !== undefined) return found;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      reasons.push(`  ${source.name}: ${reason}`);
      report(`${what}: ${source.name} did not work: ${reason}`);
    }
  }
  throw new ProvisionError(`${what} could not be brought. Tried:\n${reasons.join('\n')}`, hint);
}
