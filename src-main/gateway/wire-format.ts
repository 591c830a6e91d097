import type { AnswerStep, StepReader } from './formats/answer.ts';
import { chatStepReader, readChatAnswer } from './formats/chat-answer.ts';
import { messagesStepReader, readMessagesAnswer } from './formats/messages-answer.ts';
import { readResponsesAnswer, responsesStepReader } from './formats/responses-answer.ts';

/** How a model is asked over HTTP: OpenAI chat completions, OpenAI responses, Anthropic messages. */
export const wireFormats = ['chat', 'responses', 'messages'] as const;
export type WireFormat = (typeof wireFormats)[number];

/** The path of each format, from a base that ends with `/v1`. */
export const FORMAT_PATHS: Readonly<Record<WireFormat, string>> = {
  chat: '/chat/completions',
  responses: '/responses',
  messages: '/messages',
};

/** Reads a streamed answer of a format. */
export function stepReader(format: WireFormat): StepReader {
  switch (format) {
    case 'chat':
      return chatStepReader();
    case 'responses':
      return responsesStepReader();
    case 'messages':
      return messagesStepReader();
    default:
      return format satisfies never;
  }
}

/** Reads an answer of a format that came as a whole. */
export function readAnswer(format: WireFormat, body: unknown): AnswerStep[] {
  switch (format) {
    case 'chat':
      return readChatAnswer(body);
    case 'responses':
      return readResponsesAnswer(body);
    case 'messages':
      return readMessagesAnswer(body);
    default:
      return format satisfies never;
  }
}

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

/** An error as clients of a format read it. */
export function errorBody(format: WireFormat, status: number, message: string, code?: string): object {
  const type = ERROR_TYPES[status] ?? 'api_error';
  return format === 'messages'
    ? { type: 'error', error: { type, message } }
    : { error: { message, type, param: null, code: code ?? type } };
}

/** An error in the middle of a stream, as clients of a format read it. */
export function errorEvent(format: WireFormat, message: string): string {
  switch (format) {
    case 'chat':
      return `data: ${JSON.stringify({ error: { message, type: 'api_error', code: 'stream_broken' } })}\n\n`;
    case 'messages':
      return `event: error\ndata: ${JSON.stringify({ type: 'error', error: { type: 'api_error', message } })}\n\n`;
    case 'responses': {
      const error = { code: 'server_error', message };
      const response = { object: 'response', status: 'failed', output: [], error };
      return `event: response.failed\ndata: ${JSON.stringify({ type: 'response.failed', response })}\n\n`;
    }
    default:
      return format satisfies never;
  }
}
