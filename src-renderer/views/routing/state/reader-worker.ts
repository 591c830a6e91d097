import { type DraftReading, readDraft } from '../../../../src-shared/routing-editor/draft-reading.ts';
import { replayDraft } from '../../../../src-shared/routing-editor/replay-draft.ts';
import type { FromReader, ToReader } from './reader-messages.ts';

let last: DraftReading | undefined;
let replaying = 0;

/** Lets messages in between two chunks of a replay. */
const breathe = () => new Promise((resolve) => setTimeout(resolve, 0));

async function replay(message: Extract<ToReader, { kind: 'replay' }>): Promise<void> {
  const turn = ++replaying;
  const run = replayDraft(message.calls, message.document, message.known);
  for (let step = run.next(); turn === replaying; step = run.next()) {
    if (step.done) {
      post({ kind: 'replayed', id: message.id, report: step.value });
      return;
    }
    post({ kind: 'progress', id: message.id, share: step.value });
    await breathe();
  }
}

function post(message: FromReader): void {
  postMessage(message);
}

addEventListener('message', ({ data }: MessageEvent<ToReader>) => {
  if (data.kind === 'read') {
    last = readDraft(data.layers, data.revision, data.last ?? last);
    post({ kind: 'reading', reading: last });
  } else void replay(data);
});
