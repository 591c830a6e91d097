import type { ModelRef } from '../../src-shared/routing/model-ref.ts';
import { CallFailure } from './call-failure.ts';
import type { ClientRequest } from './client-request.ts';
import { loose } from './formats/loose.ts';
import { endpointUrl, keyHeaders, type ProviderEndpoint } from './providers.ts';
import { spliceJson } from './splice-json.ts';
import { type Translated, translateRequest } from './translate.ts';
import { FORMAT_PATHS, type WireFormat } from './wire-format.ts';

/** A call as the provider gets it. */
export interface PreparedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** What the provider speaks. */
  readonly format: WireFormat;
  /** Names of tools that take free text in the client's format. */
  readonly freeformTools: ReadonlySet<string>;
  /** What the provider's format cannot carry, in words. */
  readonly dropped: readonly string[];
}

/**
 * Makes the request for a provider: the client's own bytes with another model in them where the provider speaks the
 * client's format, and a translation where not.
 * @throws CallFailure when the request cannot be said in the provider's format.
 */
export function prepareRequest(
  request: ClientRequest,
  model: ModelRef,
  endpoint: ProviderEndpoint,
  key: string | undefined,
): PreparedRequest {
  if (endpoint.keyName !== undefined && key === undefined)
    throw new CallFailure(`has no key, as ${endpoint.keyName} is not set`, {
      kind: 'down',
      scope: 'provider',
    });
  const same = endpoint.formats.includes(request.format);
  const format = same ? request.format : (endpoint.formats[0] ?? 'chat');
  const { json, freeformTools, dropped }: Translated = same
    ? { json: sameFormat(request, model.model), freeformTools: new Set(), dropped: [] }
    : translateRequest(request, format, model.model);
  const { 'anthropic-version': version = '2023-06-01', ...passed } = same ? request.passed : {};
  return {
    url: `${endpointUrl(endpoint, format, FORMAT_PATHS[format])}${same ? request.query : ''}`,
    headers: {
      accept: request.stream ? 'text/event-stream' : 'application/json',
      'user-agent': 'lattice-gateway',
      ...passed,
      ...(format === 'messages' ? { 'anthropic-version': version } : {}),
      'accept-encoding': 'identity',
      'content-type': 'application/json',
      ...keyHeaders(format, key),
    },
    body: Buffer.from(json),
    format,
    freeformTools,
    dropped,
  };
}

/** The client's own JSON; chat completions report what they used only when they are asked to. */
function sameFormat(request: ClientRequest, model: string): string {
  const asked = loose(request.body.stream_options);
  const asks = request.format === 'chat' && request.stream && asked.include_usage !== true;
  return spliceJson(request.json, {
    model: JSON.stringify(model),
    ...(asks ? { stream_options: JSON.stringify({ ...asked, include_usage: true }) } : {}),
  });
}
