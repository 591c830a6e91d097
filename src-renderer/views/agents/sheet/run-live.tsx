import { CircleDot, Route } from 'lucide-react';
import { type ReactNode, Suspense, useMemo, useState } from 'react';
import type { RunView } from '../../../../src-shared/views/run.ts';
import { listOf, useLive } from '../../../data/live.ts';
import { plainText } from '../../../ui/ansi.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { cx } from '../../../ui/cx.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Progress } from '../../../ui/meter.tsx';
import { Output, type OutputLine } from '../../../ui/output.tsx';
import { RegionHead } from '../../../ui/page.tsx';
import { Loading } from '../../../ui/states.tsx';
import { Elapsed } from '../../../ui/time.tsx';
import { ActivityStream } from '../../activity/lazy-stream.ts';
import { StreamReader } from '../../activity/stream-items.ts';
import { candidatesOf } from '../logic/candidates.ts';
import { isOpen, outputLines, progressText, RUN_STATUS, runTitle } from '../logic/run-facts.ts';
import { CandidateList } from './candidate-list.tsx';

export interface RunLiveProps {
  run: RunView;
  onCancel(): void;
}

function Head({ run, onCancel }: RunLiveProps): ReactNode {
  const [why, setWhy] = useState(false);
  const percent = run.progress?.percent;
  const step = isOpen(run) ? progressText(run) : undefined;
  return (
    <div className="flex shrink-0 flex-col gap-8 border-y border-hairline px-20 py-10">
      <div className="flex min-h-24 items-center gap-8">
        <Glyph status={RUN_STATUS[run.state]} percent={percent} size={14} />
        <p role="status" className="truncate text-body font-semibold text-1">
          {runTitle(run)}
        </p>
        <span className="shrink-0 text-body text-3">
          <Elapsed from={run.started_at} until={run.ended_at} />
        </span>
        <span className="ml-auto flex shrink-0 items-center gap-6">
          {run.candidates.length > 0 && (
            <IconButton
              icon={Route}
              label={`Why ${run.station_name ?? 'this station'}`}
              size={24}
              on={why}
              aria-expanded={why}
              onClick={() => setWhy(!why)}
            />
          )}
          {isOpen(run) && (
            <Button size="small" icon={CircleDot} shortcut="Mod+." onClick={onCancel}>
              Cancel
            </Button>
          )}
        </span>
      </div>
      {why && <CandidateList label={`Why ${run.station_name}`} candidates={run.candidates} />}
      {isOpen(run) && (percent !== undefined || step !== undefined) && (
        <div className="flex items-center gap-10">
          <Progress label="Progress" percent={percent} className="flex-1" />
          <span className="figures shrink-0 text-small text-2">{step}</span>
          {percent === undefined && (
            <span className="min-w-0 truncate text-small text-3">{run.progress?.message}</span>
          )}
        </div>
      )}
    </div>
  );
}

function Problem({ error }: { error: NonNullable<RunView['error']> }): ReactNode {
  const candidates = candidatesOf(error.details);
  return (
    <div
      role="alert"
      className="flex max-h-[50%] shrink-0 flex-col gap-8 overflow-y-auto border-b border-fail-line bg-fail-subtle px-20 py-10"
    >
      <p className="takeable text-body wrap-anywhere whitespace-pre-wrap text-1">{error.message}</p>
      {error.hint !== undefined && (
        <p className="takeable text-small wrap-anywhere whitespace-pre-wrap text-2">{error.hint}</p>
      )}
      {candidates.length > 0 && <CandidateList label="Why no station" candidates={candidates} />}
    </div>
  );
}

function Result({ text, alone }: { text: string; alone: boolean }): ReactNode {
  return (
    <section
      aria-label="Result"
      className={cx(
        'flex flex-col border-b border-hairline',
        alone ? 'min-h-0 flex-1' : 'max-h-[50%] shrink-0',
      )}
    >
      <RegionHead title="Result">
        <CopyButton text={text} label="Copy the result" size={24} />
      </RegionHead>
      <div className="takeable min-h-0 overflow-y-auto px-20 py-10 font-mono text-mono wrap-anywhere whitespace-pre-wrap text-1">
        {text === '' ? <span className="text-3">The agent gave an empty result.</span> : text}
      </div>
    </section>
  );
}

function textOf(lines: readonly OutputLine[]): string {
  return lines.map((line) => plainText(line.text)).join('\n');
}

/** One run as it goes: its state, how far it is, what it says, and how it ended. */
export function RunLive({ run, onCancel }: RunLiveProps): ReactNode {
  const { items } = useLive('runs.output', { id: run.id });
  const said = listOf(items);
  const [reader] = useState(() => new StreamReader());
  const typed = said.some((line) => line.kind === 'activity');
  const stream = useMemo(() => (typed ? reader.read(items) : undefined), [reader, typed, items]);
  const lines = useMemo(() => outputLines(said), [said]);
  const { result } = run;
  // A program without a result message gives its output as the result; once is enough.
  const same = useMemo(
    () => result !== undefined && textOf(lines).trim() === plainText(result).trim(),
    [lines, result],
  );
  const hasResult = result !== undefined && !(same && lines.length > 0);
  const hasOutput = lines.length > 0 || (isOpen(run) && result === undefined);
  return (
    <>
      <Head run={run} onCancel={onCancel} />
      {run.error !== undefined && <Problem error={run.error} />}
      {hasResult && <Result text={result} alone={!hasOutput && stream === undefined} />}
      {stream !== undefined && (
        <Suspense fallback={<Loading label="Loading the activity" />}>
          <ActivityStream stream={stream} />
        </Suspense>
      )}
      {hasOutput && stream === undefined && (
        <Output
          title="Output"
          meta={same ? 'This is the result' : undefined}
          lines={lines}
          empty="Nothing said yet."
          actions={
            lines.length > 0 && (
              <CopyButton
                text={() => textOf(lines)}
                label={same ? 'Copy the result' : 'Copy the output'}
                size={24}
              />
            )
          }
        />
      )}
      {!hasResult && !hasOutput && <div className="flex-1 bg-inset" />}
    </>
  );
}
