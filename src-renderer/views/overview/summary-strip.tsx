import { type ReactNode, useMemo } from 'react';
import { meshTotals } from '../../app/mesh-totals.ts';
import { listOf, useLive } from '../../data/live.ts';
import { useWorkGroup } from '../../data/works.ts';
import { count, plural } from '../../ui/format.ts';
import { useNow } from '../../ui/now.ts';
import { Time } from '../../ui/time.tsx';
import { asks } from '../work/words.ts';
import { finishedSince, oldestWait } from './activity.ts';

function Figure(props: { label: string; value: string; more?: ReactNode }): ReactNode {
  return (
    <div className="min-w-0 flex-1 border-l border-hairline px-20 py-12 first:border-l-0 max-wide:px-14 max-wide:py-8">
      <dt className="truncate text-small text-2">{props.label}</dt>
      <dd className="figures flex items-baseline gap-8">
        <span className="text-figure whitespace-nowrap text-1 max-wide:text-figure-small">{props.value}</span>
        {props.more !== undefined && props.more !== false && (
          <span className="truncate text-small text-3 max-wide:hidden">{props.more}</span>
        )}
      </dd>
    </div>
  );
}

function joined(parts: readonly (string | false)[]): string | undefined {
  const said = parts.filter((part) => part !== false);
  return said.length === 0 ? undefined : said.join(', ');
}

/** How many works came to an end today, in the time of this machine. */
function useFinishedToday(): { completed: number; failed: number } {
  const finished = useWorkGroup('finished');
  const today = new Date(useNow(60_000)).setHours(0, 0, 0, 0);
  return useMemo(() => finishedSince(finished, new Date(today)), [finished, today]);
}

/** The figures of the lattice in one line of 76. */
export function SummaryStrip(): ReactNode {
  const totals = meshTotals(useLive('stations.watch').items.values());
  const agents = listOf(useLive('agents.watch').items);
  const queued = useWorkGroup('queued');
  const asking = useWorkGroup('needs_you').filter(asks).length;
  const { completed, failed } = useFinishedToday();
  const oldest = oldestWait(queued);
  const names = new Set(agents.map((agent) => agent.name)).size;
  const conflicts = agents.filter((agent) => agent.conflict !== undefined).length;
  return (
    <dl className="flex h-76 shrink-0 border-b border-hairline max-wide:h-64">
      <Figure
        label="Stations online"
        value={`${totals.online} of ${totals.stations}`}
        more={joined([
          totals.late > 0 && `${totals.late} late`,
          totals.offline > 0 && `${totals.offline} offline`,
        ])}
      />
      <Figure
        label="Running"
        value={count(totals.running)}
        more={joined([
          `of ${plural(totals.capacity, 'slot')}`,
          asking > 0 && `${count(asking)} ${asking === 1 ? 'asks' : 'ask'} you`,
        ])}
      />
      <Figure
        label="Queued"
        value={count(queued.length)}
        more={
          oldest !== undefined && (
            <>
              oldest <Time at={oldest} as="age" />
            </>
          )
        }
      />
      <Figure label="Agents" value={count(names)} more={conflicts > 0 && plural(conflicts, 'conflict')} />
      <Figure
        label="Finished today"
        value={count(completed + failed)}
        more={failed > 0 && `${count(failed)} failed`}
      />
    </dl>
  );
}
