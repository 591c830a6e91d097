import { ChartColumn, Coins, Play, Rows3 } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { BudgetView } from '../../../src-shared/views/usage.ts';
import { openPalette } from '../../app/open-palette.ts';
import { useCompact } from '../../app/use-compact.ts';
import { listOf, useLive } from '../../data/live.ts';
import { useRemembered } from '../../data/view-state.ts';
import { Button } from '../../ui/button.tsx';
import { Figure, FigureStrip } from '../../ui/figure.tsx';
import { count, plural, shortCount } from '../../ui/format.ts';
import { useNow } from '../../ui/now.ts';
import { Page, RegionHead, Toolbar } from '../../ui/page.tsx';
import { Segment } from '../../ui/segment.tsx';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { BudgetTable } from './budget-table.tsx';
import { DayTable } from './day-table.tsx';
import { GroupTable } from './group-table.tsx';
import { seriesOf } from './logic/chart.ts';
import { type Grouping, type Measure, type UsagePicture, usagePicture } from './logic/usage-picture.ts';
import { GROUP_WORDS, moneyText, troubleText } from './logic/usage-words.ts';
import { LookPatterns } from './look.tsx';
import { UsageChart } from './usage-chart.tsx';
import { type UsageLook, UsageToolbar, useUsageLook } from './usage-toolbar.tsx';

/** The limit per day of what stands alone in the chart. */
function limitOf(
  budgets: readonly BudgetView[],
  by: Grouping,
  name: string | undefined,
  measure: Measure,
): number | undefined {
  const unit = measure === 'money' ? 'usd' : measure === 'calls' ? 'calls' : undefined;
  return budgets.find(
    (each) => each.scope === by && each.name === name && each.unit === unit && each.per === 'day',
  )?.limit;
}

function Totals({ picture }: { picture: UsagePicture }): ReactNode {
  const { total } = picture;
  return (
    <FigureStrip label="Sums">
      <Figure
        label="Money"
        value={moneyText(total)}
        more={total.unpriced > 0 && `${plural(total.unpriced, 'call')} without a price`}
      />
      <Figure label="Calls" value={count(total.calls)} more={troubleText(total)} />
      <Figure label="Tokens in" value={shortCount(total.input_tokens)} />
      <Figure label="Tokens out" value={shortCount(total.output_tokens)} />
    </FigureStrip>
  );
}

function NothingShown({ look, picture }: { look: UsageLook; picture: UsagePicture }): ReactNode {
  const { one, title } = GROUP_WORDS[look.by];
  if (picture.hidden > 0)
    return (
      <Empty
        icon={ChartColumn}
        title={`No ${one.toLowerCase()} has “${look.text}” in its name`}
        text={`${plural(picture.hidden, one.toLowerCase(), title.toLowerCase())} called models in this time.`}
        actions={
          <Button variant="main" onClick={() => look.setText('')}>
            Clear the filter
          </Button>
        }
      />
    );
  return (
    <Empty
      icon={ChartColumn}
      title={look.days === 1 ? 'No model was called today' : `No model was called in ${look.days} days`}
      text="There were calls before."
      actions={
        <Button variant="main" onClick={() => look.setDays('30')}>
          Show 30 days
        </Button>
      }
    />
  );
}

function Usage({ look, picture }: { look: UsageLook; picture: UsagePicture }): ReactNode {
  const { items } = useLive('usage.budgets');
  const budgets = listOf(items);
  const compact = useCompact();
  const [as, setAs] = useRemembered('usage.as', 'chart');
  const [part, setPart] = useRemembered('usage.part', 'groups');
  const [wanted, setWanted] = useState<string | undefined>(undefined);
  const selected = picture.groups.some((group) => group.name === wanted) ? wanted : undefined;
  const series = useMemo(() => seriesOf(picture, selected), [picture, selected]);
  const groups = (
    <section aria-label={GROUP_WORDS[look.by].title} className="flex min-h-0 min-w-0 flex-col">
      <RegionHead
        title={<span className="pl-4">{GROUP_WORDS[look.by].title}</span>}
        meta={picture.groups.length}
        line={false}
      >
        {selected !== undefined && (
          <Button size="small" onClick={() => setWanted(undefined)}>
            Show all
          </Button>
        )}
      </RegionHead>
      <GroupTable by={look.by} groups={picture.groups} selected={selected} onSelect={setWanted} />
    </section>
  );
  const caps = <BudgetTable budgets={budgets} />;
  return (
    <>
      <Totals picture={picture} />
      <section aria-label="Per day" className="flex shrink-0 flex-col border-b border-hairline">
        <RegionHead title={<span className="pl-4">Per day</span>} meta={selected} line={false}>
          <Segment
            label="Show as"
            value={as === 'table' ? 'table' : 'chart'}
            onChange={setAs}
            options={[
              { value: 'chart', label: 'Chart', icon: ChartColumn },
              { value: 'table', label: 'Table', icon: Rows3 },
            ]}
          />
        </RegionHead>
        {as === 'table' ? (
          <DayTable days={picture.days} series={series} measure={look.measure} />
        ) : (
          <UsageChart
            days={picture.days}
            series={series}
            measure={look.measure}
            limit={limitOf(budgets, look.by, selected, look.measure)}
          />
        )}
      </section>
      {compact ? (
        <>
          <Toolbar>
            <Segment
              label="Part of the usage"
              value={part === 'budgets' ? 'budgets' : 'groups'}
              onChange={setPart}
              options={[
                { value: 'groups', label: GROUP_WORDS[look.by].title },
                { value: 'budgets', label: 'Budgets' },
              ]}
            />
          </Toolbar>
          <div className="flex min-h-0 flex-1 flex-col *:flex-1">{part === 'budgets' ? caps : groups}</div>
        </>
      ) : (
        <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)] divide-x divide-hairline">
          {groups}
          {caps}
        </div>
      )}
    </>
  );
}

/** What models cost on the whole lattice: per day, by agent, model, provider and station, and against the budgets. */
export function UsageView(): ReactNode {
  const { items, state, error } = useLive('usage.watch');
  const look = useUsageLook();
  const now = useNow(60_000);
  const { days, measure, by, text } = look;
  const today = new Date(now).toDateString();
  const picture = useMemo(
    () => usagePicture(items.values(), { now: Date.parse(today), days, measure, by, text }),
    [items, today, days, measure, by, text],
  );
  if (items.size === 0)
    return (
      <Page title="Usage">
        {state === 'loading' && <Loading label="Loading the usage" />}
        {state === 'error' && (
          <Failure
            icon={Coins}
            title="The usage cannot be shown"
            {...(error === undefined ? {} : { error })}
          />
        )}
        {(state === 'live' || state === 'stale') && (
          <Empty
            icon={Coins}
            title="No model was called yet"
            text="When an agent asks a model, its tokens and what they cost are counted here, for every station."
            actions={
              <Button variant="main" icon={Play} onClick={() => openPalette('@')}>
                Run an agent
              </Button>
            }
          />
        )}
      </Page>
    );
  return (
    <Page title="Usage">
      <UsageToolbar look={look} />
      {picture.groups.length === 0 ? (
        <NothingShown look={look} picture={picture} />
      ) : (
        <>
          <LookPatterns />
          <Usage look={look} picture={picture} />
        </>
      )}
    </Page>
  );
}
