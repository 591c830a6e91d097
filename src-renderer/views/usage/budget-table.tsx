import { OctagonX } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { capKey } from '../../../src-shared/routing/caps.ts';
import type { BudgetView } from '../../../src-shared/views/usage.ts';
import { moment, roughDuration } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { Meter } from '../../ui/meter.tsx';
import { useNow } from '../../ui/now.ts';
import { RegionHead } from '../../ui/page.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { budgetText, periodText, stoppedText } from './logic/usage-words.ts';

const fullness = ({ used, limit }: BudgetView) => (limit === 0 ? 1 : Math.min(1, used / limit));

const columns: readonly Column<BudgetView>[] = [
  {
    id: 'name',
    title: 'Budget of',
    compare: (a, b) => a.name.localeCompare(b.name),
    render: (budget) => (
      <span title={`${budget.name}, a ${budget.scope}, ${periodText(budget)}`}>
        <span className="font-medium text-1">{budget.name}</span>{' '}
        <span className="text-3">{periodText(budget)}</span>
      </span>
    ),
  },
  {
    id: 'used',
    title: 'Used',
    width: '168px',
    align: 'right',
    compare: (a, b) => fullness(a) - fullness(b),
    render: (budget) => (
      <span className="flex items-center justify-end gap-8">
        <Meter label={`${budget.name} used`} value={fullness(budget)} className="w-40 shrink-0" />
        <span className="truncate" title={budgetText(budget)}>
          {budgetText(budget)}
        </span>
      </span>
    ),
  },
  {
    id: 'stopped',
    title: 'Stopped',
    width: '76px',
    align: 'right',
    compare: (a, b) => a.stopped - b.stopped,
    render: (budget) => <Stopped budget={budget} />,
  },
  {
    id: 'resets',
    title: 'Again in',
    width: '72px',
    align: 'right',
    compare: (a, b) => a.resets_at.localeCompare(b.resets_at),
    render: (budget) => <Resets at={budget.resets_at} />,
  },
];

function Stopped({ budget }: { budget: BudgetView }): ReactNode {
  const now = useNow(60_000);
  const text = stoppedText(budget);
  if (text === undefined) return null;
  const last = budget.last_stop;
  const title = last && `Last at ${moment(last.time, now)}: ${last.agent} could not use ${last.model}`;
  return (
    <span className="inline-flex items-center gap-4 text-late" title={title}>
      <Icon icon={OctagonX} size={12} />
      {text}
    </span>
  );
}

function Resets({ at }: { at: string }): ReactNode {
  const now = useNow(60_000);
  return <span title={moment(at, now)}>{roughDuration(Date.parse(at) - now)}</span>;
}

/** Every cap of lattice.yaml on this machine: what is used of it, and what it stopped. */
export function BudgetTable({ budgets }: { budgets: readonly BudgetView[] }): ReactNode {
  const [selected, setSelected] = useState<string | undefined>(undefined);
  return (
    <section aria-label="Budgets" className="flex min-h-0 min-w-0 flex-col">
      <RegionHead
        title={<span className="pl-4">Budgets on this machine</span>}
        meta={budgets.length}
        line={false}
      />
      {budgets.length === 0 ? (
        <p className="px-20 py-12 text-small text-pretty text-2">
          Nothing limits what models cost here. Give a provider a{' '}
          <code className="font-mono">local_budget</code> or <code className="font-mono">daily_calls</code> in
          lattice.yaml.
        </p>
      ) : (
        <Table
          label="Budgets"
          columns={columns}
          rows={budgets}
          rowKey={capKey}
          selected={selected}
          onSelect={setSelected}
          className="flex-1 text-2"
        />
      )}
    </section>
  );
}
