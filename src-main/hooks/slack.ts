import { LatticeError } from '../../src-shared/errors.ts';
import { isLoopbackName } from '../system/loopback.ts';

const TIMEOUT_MS = 10_000;

export interface SlackMessage {
  /** Carries a secret, so it is never repeated. */
  webhook: string;
  text: string;
  channel: string | undefined;
  signal: AbortSignal;
}

/**
 * Posts a message to a Slack webhook. Only over https, or to this machine; nowhere else when it redirects.
 * @throws LatticeError `invalid_input`, `unsafe`, `timeout`, `io_failed`; none names the address.
 */
export async function postToSlack(message: SlackMessage): Promise<void> {
  const url = addressOf(message.webhook);
  const body = JSON.stringify({
    text: message.text,
    ...(message.channel === undefined ? {} : { channel: message.channel }),
  });
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([message.signal, timeout]),
    });
    await response.body?.cancel();
  } catch {
    // The cause names the address.
    if (timeout.aborted || message.signal.aborted)
      throw new LatticeError('timeout', 'Slack did not answer in time.');
    throw new LatticeError('io_failed', 'Slack cannot be reached.', {
      hint: 'Check the network and the webhook.',
    });
  }
  if (response.ok) return;
  if (response.status >= 300 && response.status < 400)
    throw new LatticeError('unsafe', 'The Slack webhook leads elsewhere, and messages do not follow it.', {
      hint: 'Copy the webhook again from Slack.',
    });
  throw new LatticeError('io_failed', `Slack refused the message (${response.status}).`, {
    hint: 'Check the webhook and the channel.',
  });
}

function addressOf(webhook: string): URL {
  const url = URL.canParse(webhook) ? new URL(webhook) : undefined;
  if (url?.protocol === 'https:') return url;
  if (url?.protocol === 'http:' && isLoopbackName(url.hostname)) return url;
  throw new LatticeError('invalid_input', 'The Slack webhook is not an https address.', {
    hint: `Set webhook: \${SLACK_WEBHOOK_URL} in the hook and the variable where the station runs.`,
  });
}
