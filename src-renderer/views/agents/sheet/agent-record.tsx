import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { addTotals, dayOf, noTotals, type Totals } from '../../../../src-shared/routing/usage.ts';
import type { WorkView } from '../../../../src-shared/views/work.ts';
import { listOf, useLive } from '../../../data/live.ts';
import { useWorkGroup } from '../../../data/works.ts';
import { duration, percent, plural } from '../../../ui/format.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { useNow } from '../../../ui/now.ts';
import { RegionHead } from '../../../ui/page.tsx';
import { Time } from '../../../ui/time.tsx';
import { averageText, budgetText, moneyText, periodText } from '../../usage/logic/usage-words.ts';
import { stateOf } from '../../work/words.ts';
import { recordOf } from '../logic/agent-record.ts';
import { Fact } from './fact.tsx';

const DAYS = 30;
const LAST = 3;

/** What an agent used of models in the last 30 days, on all stations. */
function useSpent(agent: string): Totals {
  const { items } = useLive('usage.watch');
  const now = useNow(60_000);
  const oldest = dayOf(now - (DAYS - 1) * 86_400_000);
  return useMemo(
    () =>
      [...items.values()]
        .filter((each) => each.day >= oldest)
        .flatMap((each) => each.rows.filter((row) => row.agent === agent))
        .reduce<Totals>(addTotals, noTotals),
    [items, oldest, agent],
  );
}

function LastWork({ work }: { work: WorkView }): ReactNode {
  const said = stateOf(work);
  return (
    <li className="flex h-28 items-center gap-8">
      <Glyph status={said.status} size={13} label={said.word} />
      <Link
        to="/work/$workId"
        params={{ workId: work.id }}
        className="min-w-0 flex-1 truncate text-body text-1 hover:underline"
      >
        {work.task}
      </Link>
      {work.ended_at !== undefined && (
        <span className="shrink-0 text-small text-3">
          <Time at={work.ended_at} as="moment" />
        </span>
      )}
    </li>
  );
}

/** How an agent did so far: its last works, how many came to a good end, how long they took and what they cost. */
export function AgentRecord({ agent, callsModels }: { agent: string; callsModels: boolean }): ReactNode {
  const finished = useWorkGroup('finished');
  const record = useMemo(() => recordOf(finished, agent), [finished, agent]);
  const spent = useSpent(agent);
  const budgets = listOf(useLive('usage.budgets').items).filter(
    (each) => each.scope === 'agent' && each.name === agent,
  );
  const money = moneyText(spent);
  if (record.works.length === 0 && spent.calls === 0 && budgets.length === 0) return null;
  return (
    <section aria-label="Record" className="mb-12">
      <RegionHead title="Record" meta={plural(record.works.length, 'work')} />
      <dl className="flex flex-col gap-8 px-20 pt-12">
        {record.successRate !== undefined && (
          <Fact name="Success">
            {percent(record.successRate)}{' '}
            <span className="text-3">of {plural(record.judged, 'finished work')}</span>
          </Fact>
        )}
        {record.medianMs !== undefined && <Fact name="Usual time">{duration(record.medianMs)}</Fact>}
        {callsModels && spent.calls > 0 && (
          <Fact name="Models, 30 days">
            {money === '' ? 'no known price' : money}{' '}
            <span className="text-3">
              for {plural(spent.calls, 'call')}
              {averageText(spent) !== '' && `, ${averageText(spent)} each`}
            </span>
          </Fact>
        )}
        {budgets.map((budget) => (
          <Fact key={`${budget.unit} ${budget.per}`} name="Budget">
            {budgetText(budget)} <span className="text-3">{periodText(budget)}</span>
          </Fact>
        ))}
      </dl>
      {record.works.length > 0 && (
        <ul aria-label="Last works" className="flex flex-col px-20 pt-8">
          {record.works.slice(0, LAST).map((work) => (
            <LastWork key={work.id} work={work} />
          ))}
        </ul>
      )}
    </section>
  );
}
