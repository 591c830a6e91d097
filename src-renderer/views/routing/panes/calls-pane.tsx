import { CornerDownRight } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useMemo } from 'react';
import type { AgentRouting } from '../../../../src-shared/routing/document.ts';
import { explain } from '../../../../src-shared/routing/explain.ts';
import { dollars } from '../../../../src-shared/routing/money.ts';
import { shortModel } from '../../../../src-shared/routing-editor/model-words.ts';
import {
  type NextCall,
  nextCalls,
  type PreviewBasis,
} from '../../../../src-shared/routing-editor/preview.ts';
import type { Stress } from '../../../../src-shared/routing-editor/stress.ts';
import { cx } from '../../../ui/cx.ts';
import { plural } from '../../../ui/format.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { Tip } from '../../../ui/tooltip.tsx';
import { ModelDot } from '../pictures/model-dot.tsx';
import { useDraft } from '../state/draft-store.ts';

const CALLS = 20;
const BUDGET_CALLS = 2;

/** The next 20 calls as they would go, with the reason for each, and switches that put the plan under stress. */
export function CallsPane({ routing, basis }: { routing: AgentRouting; basis: PreviewBasis }): ReactNode {
  const stress = useDraft((state) => state.stress);
  const preview = useMemo(
    () => nextCalls(basis, routing, { count: CALLS, stress }),
    [basis, routing, stress],
  );
  const providers = [
    ...new Set([...routing.plan.models, ...routing.plan.fallbackModels].map(({ provider }) => provider)),
  ].filter((provider) => provider !== '');
  const diverted = preview.calls.filter((each) => each.diverted).length;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <StressSwitches providers={providers} stress={stress} />
      <ol aria-label="Next calls" className="min-h-0 flex-1 overflow-y-auto border-t border-hairline py-4">
        {preview.calls.map((each) => (
          <CallRow key={each.number} call={each} now={basis.stand.at} />
        ))}
      </ol>
      <div className="flex h-44 shrink-0 items-center gap-8 border-t border-hairline px-16 text-body">
        <span className="text-2">Expected cost</span>
        <span className="figures ml-auto font-semibold text-1">{dollars(preview.usd)}</span>
        <span className="figures text-small text-3">
          {preview.unpriced > 0
            ? `${preview.unpriced} without a price`
            : diverted > 0
              ? `${CALLS - diverted} + ${plural(diverted, 'call')} diverted`
              : plural(CALLS, 'call')}
        </span>
      </div>
    </div>
  );
}

/** Arrows go from call to call, so that the reasons can be read without a mouse. */
function focusNeighbour(event: KeyboardEvent<HTMLElement>): void {
  const { previousElementSibling, nextElementSibling } = event.currentTarget;
  const next = { ArrowUp: previousElementSibling, ArrowDown: nextElementSibling }[event.key];
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus();
}

function CallRow({ call, now }: { call: NextCall; now: number }): ReactNode {
  const why = explain(call.decision, now);
  return (
    <Tip text={<span className="font-mono text-mono-small whitespace-pre">{why.join('\n')}</span>}>
      <li
        tabIndex={call.number === 1 ? 0 : -1}
        onKeyDown={focusNeighbour}
        className={cx(
          'grid h-28 grid-cols-[20px_9px_minmax(72px,1fr)_minmax(0,1.3fr)_56px] items-center gap-10 px-16 text-body',
          call.diverted ? 'bg-late-subtle/70' : call.number === 1 && 'bg-selected',
        )}
      >
        <span className="figures text-right text-small text-3">{call.number}</span>
        {call.model === undefined ? <span /> : <ModelDot model={call.model} />}
        <span className="truncate font-medium text-1">
          {call.model === undefined ? 'No model' : shortModel(call.model)}
        </span>
        <span className="flex min-w-0 items-center gap-6 text-small text-2">
          {call.diverted && <Icon icon={CornerDownRight} size={12} className="text-late" />}
          <span className="truncate">{call.reason}</span>
        </span>
        <span className="figures text-right text-small text-3">
          {call.usd === undefined ? '' : call.usd === 0 ? 'Free' : dollars(call.usd)}
        </span>
      </li>
    </Tip>
  );
}

function StressSwitches({ providers, stress }: { providers: readonly string[]; stress: Stress }): ReactNode {
  const set = (next: Partial<Stress>) => useDraft.setState({ stress: { ...stress, ...next } });
  const toggled = (list: readonly string[], name: string, on: boolean) =>
    on ? [...list, name] : list.filter((each) => each !== name);
  return (
    <section aria-label="What if" className="flex shrink-0 flex-col gap-2 px-16 pt-2 pb-10">
      <h3 className="flex h-24 items-center gap-6 text-small text-3">
        <span className="flex-1">What if</span>
        <span className="w-44 text-center">Up</span>
        <span className="w-44 text-center">Limited</span>
        <span className="w-44 text-center">Spent</span>
      </h3>
      {providers.map((name) => (
        <div key={name} className="flex h-24 items-center gap-6 text-body text-1">
          <span className="min-w-0 flex-1 truncate">{name}</span>
          <span className="flex w-44 justify-center">
            <Switch
              on={!stress.down.includes(name)}
              label={`${name} is up`}
              onChange={(up) => set({ down: toggled(stress.down, name, !up) })}
              word=""
            />
          </span>
          <span className="flex w-44 justify-center">
            <Switch
              on={stress.limited.includes(name)}
              label={`${name} limits its rate`}
              onChange={(on) => set({ limited: toggled(stress.limited, name, on) })}
              word=""
            />
          </span>
          <span className="flex w-44 justify-center">
            <Tip text={`The budget of ${name} ends after ${BUDGET_CALLS} calls`}>
              <span>
                <Switch
                  on={stress.budget[name] !== undefined}
                  label={`The budget of ${name} ends after ${BUDGET_CALLS} calls`}
                  onChange={(on) => {
                    const { [name]: _, ...others } = stress.budget;
                    set({ budget: on ? { ...others, [name]: BUDGET_CALLS } : others });
                  }}
                  word=""
                />
              </span>
            </Tip>
          </span>
        </div>
      ))}
      {providers.length === 0 && <p className="text-small text-3">No provider to switch off yet.</p>}
    </section>
  );
}
