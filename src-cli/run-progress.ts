import type { Activity } from '../src-shared/protocol/activity.ts';
import type { InvokeReport } from '../src-shared/protocol/invoke.ts';
import { activityText, isRunningText } from '../src-shared/views/activity-words.ts';
import { cut, type Output, paint } from './output.ts';
import { safeText } from './safe-text.ts';

/** Shows what a run says while a person watches: output as it comes, progress as one line that redraws. */
export interface RunProgress {
  /** Whether a person watches the terminal. */
  readonly watched: boolean;
  report(report: InvokeReport['report']): void;
  /** The result, or nothing when all of it was on the screen already. */
  unseen(result: string): string;
  /** Takes the progress line away. */
  end(): void;
}

export function followRun(output: Output): RunProgress {
  const watched = output.live && process.stderr.isTTY === true;
  let shown = '';
  let hasLine = false;
  const clear = () => {
    if (hasLine) process.stderr.write('\r\u001b[2K');
    hasLine = false;
  };
  const line = (text: string) => {
    if (!watched) return;
    clear();
    process.stderr.write(paint('dim', cut(text, (process.stderr.columns ?? 80) - 1)));
    hasLine = true;
  };
  const activity = (said: Activity) => {
    if (!watched) return;
    clear();
    const text = safeText(activityText(said));
    if (!isRunningText(said)) process.stderr.write(`${paint('dim', text)}\n`);
    else {
      if (said.kind === 'text') shown += said.text;
      process.stdout.write(text);
    }
  };
  return {
    watched,
    report(report) {
      switch (report.type) {
        case 'queued':
          return line(`Waits for a free slot, ${report.position} before it`);
        case 'started':
          return line('Running');
        case 'progress':
          return line(progressText(report));
        case 'output':
          if (!watched) return;
          clear();
          shown += report.text;
          process.stdout.write(safeText(report.text));
          return;
        case 'activity':
          return activity(report.activity);
        default:
          report satisfies never;
      }
    },
    unseen: (result) => (shown.trim() === result.trim() && shown !== '' ? '' : result),
    end: clear,
  };
}

function progressText(report: Extract<InvokeReport['report'], { type: 'progress' }>): string {
  const percent = report.percent === undefined ? '' : `${Math.round(report.percent)}%`;
  const step =
    report.step === undefined
      ? ''
      : `step ${report.step}${report.of === undefined ? '' : ` of ${report.of}`}`;
  return [percent, step, report.message ?? ''].filter((part) => part !== '').join('  ');
}
