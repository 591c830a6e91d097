import { CallFailure } from './call-failure.ts';
import type { ClientRequest } from './client-request.ts';
import type { AnswerHead, AnswerStep, StepWriter } from './formats/answer.ts';
import { chatStepWriter, writeChatAnswer } from './formats/chat-answer.ts';
import { readChatRequest, writeChatRequest } from './formats/chat-request.ts';
import { loose } from './formats/loose.ts';
import { messagesStepWriter, writeMessagesAnswer } from './formats/messages-answer.ts';
import { readMessagesRequest, writeMessagesRequest } from './formats/messages-request.ts';
import { Dropped, type ModelRequest } from './formats/request.ts';
import { readResponsesRequest, writeResponsesRequest } from './formats/responses-request.ts';
import { responsesStepWriter, writeResponsesAnswer } from './formats/responses-writer.ts';
import type { WireFormat } from './wire-format.ts';

/** A request in another format. */
export interface Translated {
  readonly json: string;
  readonly freeformTools: ReadonlySet<string>;
  readonly dropped: readonly string[];
}

/** Says a request in another format. @throws CallFailure when it refers to what only its own provider has. */
export function translateRequest(request: ClientRequest, to: WireFormat, model: string): Translated {
  if (typeof request.body.previous_response_id === 'string') {
    throw new CallFailure('speaks another format, which cannot go on from previous_response_id', {
      kind: 'error',
    });
  }
  const dropped = new Dropped();
  const read = readRequest(request, dropped);
  const body = writeRequest(to, read, model, dropped);
  return { json: JSON.stringify(body), freeformTools: read.freeformTools, dropped: dropped.list };
}

function readRequest({ format, body }: ClientRequest, dropped: Dropped): ModelRequest {
  switch (format) {
    case 'chat':
      return readChatRequest(body, dropped);
    case 'responses':
      return readResponsesRequest(body, dropped);
    case 'messages':
      return readMessagesRequest(body, dropped);
    default:
      return format satisfies never;
  }
}

function writeRequest(to: WireFormat, request: ModelRequest, model: string, dropped: Dropped): object {
  switch (to) {
    case 'chat':
      return writeChatRequest(request, model);
    case 'responses':
      return writeResponsesRequest(request, model, dropped);
    case 'messages':
      return writeMessagesRequest(request, model, dropped);
    default:
      return to satisfies never;
  }
}

/** Writes a stream in the client's format. */
export function stepWriter(
  request: ClientRequest,
  head: AnswerHead,
  freeform: ReadonlySet<string>,
): StepWriter {
  switch (request.format) {
    case 'chat':
      return chatStepWriter(head, loose(request.body.stream_options).include_usage === true);
    case 'responses':
      return responsesStepWriter(head, freeform);
    case 'messages':
      return messagesStepWriter(head);
    default:
      return request.format satisfies never;
  }
}

/** Writes a whole answer in the client's format. */
export function writeAnswer(
  format: WireFormat,
  head: AnswerHead,
  steps: readonly AnswerStep[],
  freeform: ReadonlySet<string>,
): object {
  switch (format) {
    case 'chat':
      return writeChatAnswer(head, steps);
    case 'responses':
      return writeResponsesAnswer(head, steps, freeform);
    case 'messages':
      return writeMessagesAnswer(head, steps);
    default:
      return format satisfies never;
  }
}
