import type { ReactNode } from 'react';
import type { WorkView } from '../../../../src-shared/views/work.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { Progress } from '../../../ui/meter.tsx';
import { Time } from '../../../ui/time.tsx';
import { asks, doerOf, progressWords, stateOf } from '../../work/words.ts';
import { RunCost } from './run-cost.tsx';

/** What an agent does with a card now: who, where, since when and how far. */
export function RunFoot({ work }: { work: WorkView }): ReactNode {
  const said = stateOf(work);
  const doer = doerOf(work);
  const asking = asks(work);
  const words = asking
    ? work.waits?.text
    : work.progress === undefined
      ? said.word
      : progressWords(work.progress);
  return (
    <div
      className={
        asking || work.status === 'escalated'
          ? 'flex flex-col gap-6 rounded-b-card border-t border-ask-line bg-ask-subtle/60 px-12 py-8'
          : 'flex flex-col gap-6 rounded-b-card border-t border-run-line bg-run-subtle/45 px-12 py-8'
      }
    >
      <div className="flex items-center gap-6 text-small">
        <Glyph status={said.status} size={12} percent={work.progress?.percent} label={said.word} />
        <span className="min-w-0 flex-1 truncate font-medium text-1">
          {work.station_name === undefined ? doer : `${doer} on ${work.station_name}`}
        </span>
        <span className="shrink-0 text-2">
          <RunCost workId={work.id} after=" · " />
          <Time at={work.started_at ?? work.created_at} as="age" />
        </span>
      </div>
      <Progress label={`${doer}, done`} percent={work.progress?.percent} />
      <p className="truncate text-tiny font-normal text-2">{words === '' ? said.word : words}</p>
    </div>
  );
}
