import { formsOf, SHORTEST_SECRET } from './secret-forms.ts';
import { findSecretLooks, isSecretName } from './secret-patterns.ts';
import { BLOT, blotSpans, mergeSpans, type Span } from './span.ts';

/** What is left of a text from which a secret cannot be taken without making it anew. */
const NOTHING_LEFT = '***';
/** Keys of runs come and go; the oldest are forgotten beyond this many. */
const MAX_SECRETS = 2_000;

/** Takes secrets out of texts: those it was told, and all that looks like one. */
export class Redactor {
  readonly #forms = new Map<string, readonly string[]>();

  /** Makes a secret known; one of less than four characters is passed over. */
  add(secret: string | undefined): void {
    if (secret === undefined || secret.length < SHORTEST_SECRET || this.#forms.has(secret)) return;
    this.#forms.set(secret, formsOf(secret));
    const [oldest] = this.#forms.keys();
    if (this.#forms.size > MAX_SECRETS && oldest !== undefined) this.#forms.delete(oldest);
  }

  addAll(secrets: Iterable<string | undefined>): void {
    for (const secret of secrets) this.add(secret);
  }

  /** The length of the longest way a known secret may be written, in characters. */
  get longest(): number {
    let longest = 0;
    for (const forms of this.#forms.values())
      for (const form of forms) longest = Math.max(longest, form.length);
    return longest;
  }

  /** Where secrets are in a text, in order and without overlap. */
  find(text: string): Span[] {
    return mergeSpans([...this.findKnown(text), ...findSecretLooks(text)]);
  }

  /** Where the secrets are that were made known, in no order. */
  findKnown(text: string): Span[] {
    const spans: Span[] = [];
    for (const forms of this.#forms.values())
      for (const form of forms)
        for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1))
          spans.push([at, at + form.length]);
    return spans;
  }

  /** The text without its secrets; a text that holds none is given back as it is. */
  redact(text: string): string {
    const spans = this.find(text);
    return spans.length === 0 ? text : this.blot(text, spans);
  }

  /** The first `end` characters of a text without these parts, which `find` told. */
  blot(text: string, spans: readonly Span[], end?: number): string {
    const blotted = blotSpans(text, spans, end);
    // What is left on both sides of a blot may make up a secret that has the blot in it.
    return this.findKnown(blotted).length === 0 ? blotted : NOTHING_LEFT;
  }

  /** The same value with all its texts redacted, and those blotted out whose name says that they are secret. */
  redactAll<T>(value: T): T {
    return this.#all(value) as T;
  }

  #all(value: unknown): unknown {
    if (typeof value === 'string') return this.redact(value);
    if (Array.isArray(value)) return value.map((each) => this.#all(each));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [
        this.redact(key),
        typeof each === 'string' && isSecretName(key) ? BLOT : this.#all(each),
      ]),
    );
  }
}
