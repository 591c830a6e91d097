import { z } from 'zod';
import { isLoopbackName } from '../system/loopback.ts';
import { providerEndpoint } from './providers.ts';

const tagsSchema = z.object({ models: z.array(z.object({ name: z.string() })) });
const ANSWER_MS = 500;
/** A model that is pulled now counts within this time, in ms. */
const FRESH_MS = 15_000;

interface Found {
  at: number;
  models: readonly string[] | undefined;
}

export interface LocalModelsOptions {
  /** The sections of `providers:` as they are now. */
  providers: () => Readonly<Record<string, unknown>>;
  now?: () => number;
}

/**
 * Which models the Ollama of this machine has, so that one that was not pulled is passed over and not tried. Other local
 * servers are not asked: some answer to any name, whatever they list.
 */
export class LocalModels implements Disposable {
  readonly #options: LocalModelsOptions;
  readonly #now: () => number;
  readonly #found = new Map<string, Found>();
  readonly #asking = new Map<string, Promise<void>>();
  readonly #end = new AbortController();

  constructor(options: LocalModelsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** What a provider has, as far as it said lately; undefined when it is not known. Asks again on the way. */
  installed(provider: string): readonly string[] | undefined {
    const found = this.#found.get(provider);
    if (found === undefined || this.#now() - found.at > FRESH_MS) void this.#look(provider);
    return found?.models;
  }

  /** Asks every local provider now; takes half a second at most and never rejects. */
  async look(): Promise<void> {
    await Promise.all(Object.keys(this.#options.providers()).map((provider) => this.#look(provider)));
  }

  [Symbol.dispose](): void {
    this.#end.abort();
  }

  #look(provider: string): Promise<void> {
    const asking =
      this.#asking.get(provider) ??
      this.#ask(provider)
        .catch(() => undefined)
        .then((models) => {
          this.#found.set(provider, { at: this.#now(), models });
          this.#asking.delete(provider);
        });
    this.#asking.set(provider, asking);
    return asking;
  }

  /** @throws whatever is wrong with the provider, or that it is no Ollama. */
  async #ask(provider: string): Promise<string[] | undefined> {
    const { baseUrl, keyName } = providerEndpoint(provider, this.#options.providers()[provider]);
    const { origin, hostname } = new URL(baseUrl);
    if (keyName !== undefined || !isLoopbackName(hostname)) return undefined;
    const answer = await fetch(`${origin}/api/tags`, {
      redirect: 'error',
      signal: AbortSignal.any([this.#end.signal, AbortSignal.timeout(ANSWER_MS)]),
    });
    if (!answer.ok) return undefined;
    const { models } = tagsSchema.parse(await answer.json());
    // Ollama takes a name without a tag for the latest of its kind.
    return models.flatMap(({ name }) =>
      name.endsWith(':latest') ? [name, name.slice(0, -':latest'.length)] : [name],
    );
  }
}
