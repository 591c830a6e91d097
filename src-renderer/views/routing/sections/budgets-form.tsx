import { Plus, Wallet } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { dollars } from '../../../../src-shared/routing/money.ts';
import { own } from '../../../../src-shared/routing/own.ts';
import { saidAt } from '../../../../src-shared/routing-editor/form-edits.ts';
import type { PreviewBasis } from '../../../../src-shared/routing-editor/preview.ts';
import { Button } from '../../../ui/button.tsx';
import { Meter } from '../../../ui/meter.tsx';
import { Empty } from '../../../ui/states.tsx';
import { useDraft } from '../state/draft-store.ts';
import { NumberField } from './fields.tsx';
import { FiguresField } from './figures-field.tsx';

/** What each provider may spend, beside what it spent. */
export function BudgetsForm({ basis }: { basis: PreviewBasis }): ReactNode {
  const providers = useDraft((state) => state.reading?.value.providers) ?? {};
  const names = Object.keys(providers);
  if (names.length === 0)
    return (
      <Empty
        icon={Wallet}
        title="No provider yet"
        text="Budgets belong to providers. Add one under Providers first."
      />
    );
  return (
    <section aria-label="Budgets" className="flex flex-col gap-12 px-20 pt-14 pb-20">
      <div className="flex flex-col gap-2">
        <h2 className="text-heading text-1">Budgets</h2>
        <p className="text-body text-2">Calls stay away from a provider whose budget is used up.</p>
      </div>
      {names.map((name) => {
        const spent = own(basis.stand.figures.month.by_provider, name)?.usd ?? 0;
        const budget = providers[name]?.local_budget;
        const at = (key: string) => ['providers', name, key];
        return (
          <section
            key={name}
            aria-label={name}
            className="flex flex-col gap-10 rounded-card border border-border bg-surface px-12 pt-10 pb-14"
          >
            <div className="flex items-baseline gap-8">
              <h3 className="text-body font-semibold text-1">{name}</h3>
              <span className="figures ml-auto text-small text-3">{dollars(spent)} this month</span>
            </div>
            {typeof budget === 'number' && (
              <Meter label="Used of the budget" value={budget === 0 ? 1 : spent / budget} />
            )}
            <div className="grid grid-cols-[repeat(auto-fit,minmax(min(150px,100%),1fr))] gap-x-16 gap-y-12">
              <NumberField path={at('local_budget')} label="Dollars a month" placeholder="unlimited" />
              <NumberField path={at('daily_budget')} label="Dollars a day" placeholder="no limit" />
              <NumberField path={at('daily_calls')} label="Calls a day" placeholder="no limit" />
            </div>
            <ModelLimits provider={name} />
          </section>
        );
      })}
    </section>
  );
}

const LIMITS = [
  { key: 'local_budget', label: 'Dollars a month' },
  { key: 'daily_budget', label: 'Dollars a day' },
  { key: 'daily_calls', label: 'Calls a day' },
] as const;

/** What single models of a provider may use up; out of the way while none has a limit. */
function ModelLimits({ provider }: { provider: string }): ReactNode {
  const path = ['providers', provider, 'model_caps'];
  const [open, setOpen] = useState(false);
  const said = useDraft((state) =>
    saidAt(state.reading?.values ?? [], ['providers', provider, 'model_caps']),
  );
  if (said === null && !open)
    return (
      <div>
        <Button
          size="small"
          variant="plain"
          icon={Plus}
          aria-label={`Limit single models of ${provider}`}
          onClick={() => setOpen(true)}
        >
          Limit single models
        </Button>
      </div>
    );
  return (
    <FiguresField
      path={path}
      label="Limits of single models"
      what="limits"
      columns={LIMITS}
      autoFocus={open}
      without={() => 'no limit'}
    />
  );
}
