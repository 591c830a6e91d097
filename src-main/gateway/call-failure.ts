import type { IncomingHttpHeaders } from 'node:http';
import { parseRetryAfter } from '../../src-shared/routing/cool-down.ts';
import { loose, parseJson, text } from './formats/loose.ts';

/** How an attempt at a provider failed. */
export class CallFailure extends Error {
  /** What is paused: a rate limit, a provider that is down, or nothing as it is the request that is wrong. */
  readonly kind: 'rate_limit' | 'down' | 'error';
  readonly scope: 'model' | 'provider';
  readonly retryAfterMs: number | undefined;
  /** What the provider answered, for a client that speaks its format. */
  readonly answer: { readonly status: number; readonly body: Buffer } | undefined;

  constructor(
    message: string,
    options: {
      kind: CallFailure['kind'];
      scope?: CallFailure['scope'];
      retryAfterMs?: number | undefined;
      answer?: CallFailure['answer'] | undefined;
    },
  ) {
    super(message);
    this.name = 'CallFailure';
    this.kind = options.kind;
    this.scope = options.scope ?? 'model';
    this.retryAfterMs = options.retryAfterMs;
    this.answer = options.answer;
  }

  /** The same, with a secret blotted out of what the provider said. */
  without(secret: string): CallFailure {
    const clean = (words: string) => words.replaceAll(secret, '…');
    const { kind, scope, retryAfterMs, answer } = this;
    return new CallFailure(clean(this.message), {
      kind,
      scope,
      retryAfterMs,
      ...(answer === undefined
        ? {}
        : { answer: { status: answer.status, body: Buffer.from(clean(answer.body.toString('utf8'))) } }),
    });
  }

  /** Whether another model may do better. A request that is wrong is wrong everywhere. */
  get goesOn(): boolean {
    return this.kind !== 'error';
  }
}

const MOST_WORDS = 500;
/** Providers say in words of their own that the money is used up. */
const OUT_OF_MONEY = /insufficient_quota|usage limits?|credit balance|billing|exceeded your current quota/i;

/** Judges an answer with an error status. */
export function failureOf(
  status: number,
  headers: IncomingHttpHeaders,
  body: Buffer,
  now: number,
): CallFailure {
  const words = errorWords(body);
  const said = words === '' ? `answered ${status}` : `answered ${status}: ${words}`;
  const answer = { status, body };
  const retryAfterMs =
    milliseconds(headers['retry-after-ms']) ?? parseRetryAfter(headers['retry-after'], now);
  if (status >= 300 && status < 400) {
    const target = headers.location === undefined ? '' : ` to ${origin(headers.location)}`;
    return new CallFailure(`redirects${target}, which is not followed`, { kind: 'down', scope: 'provider' });
  }
  if (status === 402 || ((status === 400 || status === 429) && OUT_OF_MONEY.test(words))) {
    return new CallFailure(said, { kind: 'rate_limit', scope: 'provider', retryAfterMs, answer });
  }
  if (status === 429) return new CallFailure(said, { kind: 'rate_limit', retryAfterMs, answer });
  if (status === 401 || status === 403) {
    return new CallFailure(said, { kind: 'down', scope: 'provider', retryAfterMs, answer });
  }
  if (status === 404 || status === 408 || status === 409 || status >= 500) {
    return new CallFailure(said, { kind: 'down', retryAfterMs, answer });
  }
  return new CallFailure(said, { kind: 'error', answer });
}

/** Judges an error that came inside of an answer with status 200. */
export function reportedFailure(message: string, type: string | undefined): CallFailure {
  const limited = /rate_limit|too_many|quota|429/i.test(type ?? '') || OUT_OF_MONEY.test(message);
  const wrong = /invalid_request|invalid_prompt|context_length/i.test(type ?? '');
  return new CallFailure(`reported an error: ${message.slice(0, MOST_WORDS)}`, {
    kind: limited ? 'rate_limit' : wrong ? 'error' : 'down',
  });
}

/** What went wrong on the way, in words that fit behind the name of the model. */
export function networkFailure(error: unknown): CallFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  const words: Record<string, string> = {
    ECONNREFUSED: 'refused the connection',
    ECONNRESET: 'closed the connection',
    ENOTFOUND: 'has an address that cannot be found',
    EAI_AGAIN: 'has an address that cannot be found now',
    ETIMEDOUT: 'did not answer in time',
    EPIPE: 'closed the connection',
  };
  const message = error instanceof Error ? error.message : String(error);
  const known = code === undefined ? undefined : words[code];
  return new CallFailure(known ?? `could not be reached (${message.slice(0, MOST_WORDS)})`, {
    kind: 'down',
    scope: code === 'ENOTFOUND' || code === 'ECONNREFUSED' ? 'provider' : 'model',
  });
}

function errorWords(body: Buffer): string {
  const raw = body.toString('utf8');
  const json = loose(parseJson(raw));
  const words =
    text(loose(json.error).message) ??
    text(json.error) ??
    text(json.message) ??
    (raw.startsWith('<') ? '' : raw);
  return words.replaceAll(/\s+/g, ' ').trim().slice(0, MOST_WORDS);
}

function milliseconds(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}

function origin(location: string): string {
  try {
    return new URL(location).origin;
  } catch {
    return 'elsewhere';
  }
}
