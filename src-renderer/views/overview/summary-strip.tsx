import { type ReactNode, useMemo } from 'react';
import { addTotals, dayOf, noTotals, type Totals } from '../../../src-shared/routing/usage.ts';
import { meshTotals } from '../../app/mesh-totals.ts';
import { listOf, useLive } from '../../data/live.ts';
import { useWorkGroup } from '../../data/works.ts';
import { Figure, FigureStrip } from '../../ui/figure.tsx';
import { count, plural } from '../../ui/format.ts';
import { useNow } from '../../ui/now.ts';
import { Time } from '../../ui/time.tsx';
import { moneyText } from '../usage/logic/usage-words.ts';
import { asks } from '../work/words.ts';
import { finishedSince, oldestWait } from './activity.ts';

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

/** What models cost today on all stations; undefined until a model was ever called. */
function useSpentToday(): Totals | undefined {
  const { items } = useLive('usage.watch');
  const today = dayOf(useNow(60_000));
  return useMemo(() => {
    if (items.size === 0) return undefined;
    const rows = [...items.values()].filter((each) => each.day === today).flatMap((each) => each.rows);
    return rows.reduce<Totals>(addTotals, noTotals);
  }, [items, today]);
}

/** The figures of the lattice in one line of 76. */
export function SummaryStrip(): ReactNode {
  const totals = meshTotals(useLive('stations.watch').items.values());
  const agents = listOf(useLive('agents.watch').items);
  const queued = useWorkGroup('queued');
  const asking = useWorkGroup('needs_you').filter(asks).length;
  const { completed, failed } = useFinishedToday();
  const spent = useSpentToday();
  const oldest = oldestWait(queued);
  const names = new Set(agents.map((agent) => agent.name)).size;
  const conflicts = agents.filter((agent) => agent.conflict !== undefined).length;
  return (
    <FigureStrip>
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
      {spent === undefined && (
        <Figure label="Agents" value={count(names)} more={conflicts > 0 && plural(conflicts, 'conflict')} />
      )}
      <Figure
        label="Finished today"
        value={count(completed + failed)}
        more={failed > 0 && `${count(failed)} failed`}
      />
      {spent !== undefined && (
        <Figure label="Spent today" value={moneyText(spent)} more={plural(spent.calls, 'call')} />
      )}
    </FigureStrip>
  );
}
