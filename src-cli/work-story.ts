import type { WorkAccess } from '../src-main/work/work-service.ts';
import { LatticeError } from '../src-shared/errors.ts';
import type { WorkRecord } from '../src-shared/protocol/work.ts';
import { isRunningText } from '../src-shared/views/activity-words.ts';
import { workSteps } from '../src-shared/views/work-timeline.ts';
import { cut, type Output, paint } from './output.ts';
import { safeText } from './safe-text.ts';

/** Shows the story of a work from its first byte until its outcome, and returns the record as it ended. */
export async function followStory(work: WorkAccess, id: string, output: Output): Promise<WorkRecord> {
  let last: WorkRecord | undefined;
  let hasLine = false;
  let atLineStart = true;
  const write = (text: string) => {
    if (hasLine) output.write('\r\u001b[2K');
    hasLine = false;
    output.write(text);
    atLineStart = text.endsWith('\n');
  };
  const line = (text: string) => write(`${atLineStart || hasLine ? '' : '\n'}${text}\n`);
  let refused = 0;
  for await (const part of work.story(id, { onRefused: () => refused++ })) {
    if (part.kind === 'state') {
      last = part.record;
      for (const step of workSteps([part]))
        line(paint('dim', `${step.at.slice(11, 19)}  ${safeText(step.text)}`));
      const cause = part.record.status === 'escalated' ? part.record.escalation?.cause : undefined;
      if (cause?.kind === 'question')
        for (const [index, choice] of cause.question.choices.entries())
          line(`  ${index + 1}  ${safeText(choice)}`);
    } else if (part.line.kind === 'output' || (part.line.activity && isRunningText(part.line.activity)))
      write(safeText(part.line.text));
    else if (part.line.kind === 'activity') line(paint('dim', safeText(part.line.text)));
    else if (!output.live) line(`${part.line.time.slice(11, 19)}  ${safeText(part.line.text)}`);
    else if (atLineStart) {
      output.write(
        `\r\u001b[2K${paint('dim', cut(safeText(part.line.text), (process.stdout.columns ?? 80) - 1))}`,
      );
      hasLine = true;
    }
  }
  if (hasLine) output.write('\r\u001b[2K');
  hasLine = false;
  if (refused > 0)
    line(
      paint(
        'dim',
        `${refused} ${refused === 1 ? 'message was' : 'messages were'} left out: not said by who runs it.`,
      ),
    );
  if (!last) throw new LatticeError('not_found', `No work ${id} is in the log.`);
  return last;
}
