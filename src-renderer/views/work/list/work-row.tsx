import type { ReactNode } from 'react';
import { isEnded } from '../../../../src-shared/protocol/work.ts';
import type { WorkView } from '../../../../src-shared/views/work.ts';
import { count as figure, percent } from '../../../ui/format.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { Progress } from '../../../ui/meter.tsx';
import { useNow } from '../../../ui/now.ts';
import { TONE_TEXT } from '../../../ui/status.ts';
import { Elapsed, Time } from '../../../ui/time.tsx';
import type { StationFacts } from '../use-station-facts.ts';
import { metaOf, stateOf } from '../words.ts';
import type { GroupHead } from './rows.ts';

/** The time that matters for how a work stands. */
function sinceOf(work: WorkView): string {
  if (work.waits !== undefined) return work.waits.since;
  return work.status === 'accepted' ? (work.started_at ?? work.updated_at) : work.queued_at;
}

function RightBelow({ work, late }: { work: WorkView; late: boolean }): ReactNode {
  const said = stateOf(work, late);
  const done = work.progress?.percent;
  if (work.status === 'completed')
    return <Elapsed from={work.started_at ?? work.created_at} until={work.ended_at} />;
  if (said.word === 'Running' && done !== undefined)
    return (
      <span className="flex items-center gap-8">
        <Progress label={work.task} percent={done} className="w-48 max-wide:w-32" />
        <span className="figures w-32 text-right">{percent(done / 100)}</span>
      </span>
    );
  if (said.word === 'Running' || said.word === 'Queued') return null;
  return <span className={TONE_TEXT[said.tone]}>{said.word}</span>;
}

/** A work in two lines: what, how long, who and where, and how it stands. */
export function WorkRow({ work, stations }: { work: WorkView; stations: StationFacts }): ReactNode {
  const late = work.station_id !== undefined && stations.isLate(work.station_id);
  const said = stateOf(work, late);
  const now = useNow(10_000);
  return (
    <div className="flex h-full items-start gap-10 pt-7 pr-16 pl-20 max-wide:pr-12 max-wide:pl-12">
      <Glyph
        status={said.status}
        percent={work.progress?.percent}
        label={said.word}
        size={14}
        className="mt-3"
      />
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-8">
          <span className="min-w-0 flex-1 truncate text-body leading-18 font-medium text-1" title={work.task}>
            {work.task}
          </span>
          <span className="shrink-0 text-small text-3">
            {isEnded(work.status) ? (
              <Time at={work.ended_at ?? work.updated_at} as="moment" />
            ) : (
              <Time at={sinceOf(work)} as="age" />
            )}
          </span>
        </div>
        <div className="flex h-18 items-center gap-8 text-small text-2">
          <span className="min-w-0 flex-1 truncate">{metaOf(work, stations.nameOf, now)}</span>
          <span className="shrink-0 text-3">
            <RightBelow work={work} late={late} />
          </span>
        </div>
      </div>
    </div>
  );
}

/** The header of a group, 30 high. */
export function GroupRow({ head, count }: GroupHead): ReactNode {
  return (
    <div className="flex h-30 items-center gap-8 border-b border-hairline pr-16 pl-20 text-small text-3 max-wide:pl-12">
      <span className="font-semibold text-2">{head}</span>
      <span className="figures">{figure(count)}</span>
    </div>
  );
}
