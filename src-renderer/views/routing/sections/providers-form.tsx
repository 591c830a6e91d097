import { KeyRound } from 'lucide-react';
import type { ReactNode } from 'react';
import type { PlainValue } from '../../../../src-shared/lattice-yaml/edit/edit.ts';
import { dollars } from '../../../../src-shared/routing/money.ts';
import { own } from '../../../../src-shared/routing/own.ts';
import { originOf } from '../../../../src-shared/routing-editor/layers.ts';
import type { PreviewBasis } from '../../../../src-shared/routing-editor/preview.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { Input } from '../../../ui/input.tsx';
import { Meter } from '../../../ui/meter.tsx';
import { Empty } from '../../../ui/states.tsx';
import { edit, select } from '../state/draft-actions.ts';
import { useDraft } from '../state/draft-store.ts';

/** Providers with their keys, and the budgets that keep calls away from them. */
export function ProvidersForm({ basis }: { basis: PreviewBasis }): ReactNode {
  const providers = useDraft((state) => state.reading?.value.providers) ?? {};
  const values = useDraft((state) => state.reading?.values) ?? [];
  const names = Object.keys(providers);
  if (names.length === 0)
    return (
      <Empty
        icon={KeyRound}
        title="No provider yet"
        text="A provider says where models come from and which variable holds its key. Write providers: into the text below."
      />
    );
  return (
    <div className="flex flex-col gap-12 px-20 pt-14 pb-16">
      <h2 className="text-heading text-1">Providers and budgets</h2>
      {names.map((name) => {
        const provider = providers[name];
        const path = ['providers', name];
        const scope = originOf(values, path) ?? 'project';
        const key = provider?.env;
        const isSet = key === undefined ? undefined : own(basis.known.keys, key);
        const spent = own(basis.stand.figures.month.by_provider, name)?.usd ?? 0;
        const budget = provider?.local_budget;
        const set = (field: string, value: PlainValue | undefined) =>
          edit(
            scope,
            [
              value === undefined
                ? { kind: 'remove', path: [...path, field] }
                : { kind: 'set', path: [...path, field], value },
            ],
            `Change ${name}`,
          );
        return (
          <section
            key={name}
            aria-label={name}
            onFocus={() => select(path, scope)}
            className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] gap-x-16 gap-y-8 rounded-card border border-border bg-surface p-12"
          >
            <h3 className="flex items-center gap-8 text-body font-semibold text-1">
              {name}
              {key === undefined ? (
                <span className="text-small font-normal text-3">
                  {provider?.auth === undefined ? 'Needs no key' : `Signs in with ${provider.auth}`}
                </span>
              ) : isSet === false ? (
                <span className="flex items-center gap-6 text-small font-normal text-late">
                  <Glyph status="late" size={12} />
                  {key} is not set on this machine
                </span>
              ) : (
                <span className="flex items-center gap-6 text-small font-normal text-2">
                  <Glyph status="online" size={12} />
                  {key} is set
                </span>
              )}
            </h3>
            <span className="figures text-right text-small text-3">{dollars(spent)} this month</span>
            <div className="flex flex-col gap-4 text-small text-2">
              <span>Variable of the key</span>
              <Commit
                mono
                label={`Variable of the key of ${name}`}
                value={key ?? ''}
                placeholder={`${name.toUpperCase()}_API_KEY`}
                onCommit={(value) => set('env', value === '' ? undefined : value)}
              />
            </div>
            <div className="flex flex-col gap-4 text-small text-2">
              <span>Budget in dollars a month</span>
              <Commit
                label={`Budget of ${name} in dollars a month`}
                value={budget === undefined ? '' : String(budget)}
                placeholder="unlimited"
                onCommit={(value) => {
                  const amount = Number(value);
                  if (value === '') set('local_budget', undefined);
                  else if (value === 'unlimited') set('local_budget', value);
                  else if (Number.isFinite(amount) && amount >= 0) set('local_budget', amount);
                }}
              />
            </div>
            {typeof budget === 'number' && (
              <div className="col-span-2">
                <Meter label="Used of the budget" value={budget === 0 ? 1 : spent / budget} />
              </div>
            )}
          </section>
        );
      })}
    </div>
  );
}

/** A field that takes its value when it is left or Enter is pressed. */
function Commit(props: {
  label: string;
  value: string;
  placeholder: string;
  mono?: boolean;
  onCommit(value: string): void;
}): ReactNode {
  const { label, value, placeholder, mono = false, onCommit } = props;
  const commit = (next: string) => next.trim() !== value && onCommit(next.trim());
  return (
    <Input
      key={value}
      mono={mono}
      aria-label={label}
      defaultValue={value}
      placeholder={placeholder}
      onBlur={(event) => commit(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Enter' && commit(event.currentTarget.value)}
    />
  );
}
