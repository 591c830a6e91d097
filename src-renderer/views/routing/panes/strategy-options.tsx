import { CornerDownRight, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AgentRouting } from '../../../../src-shared/routing/document.ts';
import type { RoutingPlan } from '../../../../src-shared/routing/plan.ts';
import { shortModel } from '../../../../src-shared/routing-editor/model-words.ts';
import { type PreviewBasis, slotsWithout } from '../../../../src-shared/routing-editor/preview.ts';
import { ratioOf, slotKeys, slotsOfRatio } from '../../../../src-shared/routing-editor/runs.ts';
import { Button } from '../../../ui/button.tsx';
import { AddChip, Chip } from '../../../ui/chip.tsx';
import { cx } from '../../../ui/cx.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Segment } from '../../../ui/segment.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { ModelDot } from '../pictures/model-dot.tsx';
import { ModelMenu } from '../pictures/model-menu.tsx';
import type { PictureProps } from '../pictures/picture-props.ts';

const RATIOS = [
  [1, 1],
  [2, 1],
  [3, 1],
  [4, 1],
  [9, 1],
] as const;

function Line({ label, children }: { label: string; children: ReactNode }): ReactNode {
  return (
    <div className="grid min-h-28 grid-cols-[112px_minmax(0,1fr)] items-center gap-12">
      <span className="text-body text-2">{label}</span>
      <div className="flex min-w-0 flex-wrap items-center gap-6">{children}</div>
    </div>
  );
}

/** Below the picture: adding models, presets, what happens when a model is out, and sessions. */
export function StrategyOptions(props: PictureProps<RoutingPlan>): ReactNode {
  const { plan, models, selected, onGesture } = props;
  const index = selected.at(-1);
  const isStrip = plan.strategy === 'pattern';
  const named = plan.models.filter(({ name }) => name !== '');
  const painting = isStrip && typeof index === 'number' && index < plan.slots.length ? index : undefined;
  const add = (model: string) =>
    plan.strategy === 'weighted'
      ? onGesture(
          { kind: 'weights', weights: { ...weightsOf(plan), [model]: meanWeight(plan) } },
          `Add ${shortModel(model)}`,
        )
      : onGesture({ kind: 'add', model }, `Add ${shortModel(model)}`);
  return (
    <div className="flex flex-col gap-8">
      {isStrip && (
        <Line label={painting === undefined ? 'Add a slot' : `Paint slot ${painting + 1}`}>
          {named.map(({ name }, place) => (
            <Chip
              key={name}
              onClick={() =>
                painting === undefined
                  ? onGesture({ kind: 'add', model: name }, `Add ${shortModel(name)}`)
                  : onGesture({ kind: 'paint', index: painting, model: name }, `Paint slot ${painting + 1}`)
              }
            >
              <ModelDot model={name} size={8} />
              {shortModel(name)}
              <span className="text-3">{models.indexOf(name) + 1 || place + 1}</span>
            </Chip>
          ))}
          <ModelMenu models={models} onPick={add} trigger={<AddChip>Slot</AddChip>} />
          {named.length > 0 && (
            <Button
              size="small"
              variant="plain"
              className="ml-auto"
              onClick={() => onGesture({ kind: 'fill', models: [] }, 'Clear the slots')}
            >
              Clear
            </Button>
          )}
        </Line>
      )}
      {isStrip && plan.models.length === 2 && <Ratios {...props} />}
      {plan.strategy !== 'burst' && !isStrip && (
        <Line label="Models">
          <ModelMenu
            models={models.filter((model) => !plan.models.some(({ name }) => name === model))}
            onPick={add}
            trigger={
              <Button size="small" icon={Plus}>
                Add a model
              </Button>
            }
          />
        </Line>
      )}
      <Line label="If one is out">
        <Segment
          label="If one is out"
          value={plan.onUnavailable}
          onChange={(value) => onGesture({ kind: 'option', key: 'on_unavailable', value }, 'If one is out')}
          options={[
            { value: 'next', label: isSequence(plan) ? 'Next slot' : 'Next model' },
            { value: 'retry', label: 'Wait for it' },
            { value: 'fallback', label: 'Use a fallback' },
          ]}
        />
      </Line>
      {plan.onUnavailable === 'fallback' && <StandIns {...props} />}
      {isStrip && <Without {...props} />}
      <Line label="Sessions">
        <Switch
          on={plan.sticky}
          label="A session keeps its model"
          onChange={(value) =>
            onGesture({ kind: 'option', key: 'sticky', value: value ? true : undefined }, 'Sessions')
          }
          word={
            plan.sticky
              ? 'A session keeps the model it began with, so its prompt cache holds. The strategy spreads sessions.'
              : 'Each call goes by the strategy, also within a session.'
          }
        />
      </Line>
    </div>
  );
}

function isSequence(plan: RoutingPlan): boolean {
  return plan.strategy === 'pattern' || plan.strategy === 'round_robin';
}

function weightsOf(plan: Extract<RoutingPlan, { strategy: 'weighted' }>): Record<string, number> {
  return Object.fromEntries(plan.models.map(({ name }, index) => [name, plan.weights[index] ?? 0]));
}

function meanWeight(plan: Extract<RoutingPlan, { strategy: 'weighted' }>): number {
  return plan.models.length === 0 ? 1 : Math.max(1, Math.round(plan.total / plan.models.length));
}

function Ratios({ plan, onGesture }: PictureProps<RoutingPlan>): ReactNode {
  if (plan.strategy !== 'pattern') return null;
  const names = plan.models.map(({ name }) => name);
  const now = ratioOf(plan.slots.map(({ name }) => name));
  return (
    <Line label="Ratio">
      {RATIOS.map((ratio) => {
        const label = ratio.join(':');
        return (
          <Chip
            key={label}
            on={label === now}
            onClick={() => onGesture({ kind: 'fill', models: slotsOfRatio(names, ratio) }, `Ratio ${label}`)}
          >
            {label}
          </Chip>
        );
      })}
    </Line>
  );
}

function StandIns({ plan, models, onGesture }: PictureProps<RoutingPlan>): ReactNode {
  const names = plan.fallbackModels.map(({ name }) => name);
  const set = (value: string[]) =>
    onGesture(
      { kind: 'option', key: 'fallback_models', value: value.length === 0 ? undefined : value },
      'Fallback models',
    );
  return (
    <Line label="Fallback">
      {names.map((name) => (
        <Chip
          key={name}
          aria-label={`Remove ${name} from the fallback models`}
          onClick={() => set(names.filter((each) => each !== name))}
        >
          <ModelDot model={name} size={8} />
          {shortModel(name)} ×
        </Chip>
      ))}
      <ModelMenu
        models={models.filter((model) => !names.includes(model))}
        onPick={(model) => set([...names, model])}
        trigger={<AddChip>Model</AddChip>}
      />
    </Line>
  );
}

/** What the slots hold while a provider is out. */
function Without(props: { basis: PreviewBasis; routing: AgentRouting; plan: RoutingPlan }): ReactNode {
  const { basis, routing, plan } = props;
  const providers = [...new Set(plan.models.map(({ provider }) => provider))].filter((name) => name !== '');
  if (plan.strategy !== 'pattern' || providers.length < 2 || plan.slots.length > 24) return null;
  return providers.slice(-1).map((provider) => {
    const keys = slotKeys(plan.slots.map(({ name }) => name));
    const slots = slotsWithout(basis, routing, provider);
    return (
      <Line key={provider} label={`If ${provider} is out`}>
        <div className="flex min-w-0 flex-1 gap-6">
          {slots.map(({ model, replaced }, index) => (
            <span
              key={keys[index]}
              title={model === undefined ? 'No model takes this call' : `Slot ${index + 1} goes to ${model}`}
              className={cx(
                'flex h-24 min-w-0 flex-1 items-center gap-5 rounded-control border border-dashed px-6 text-small',
                replaced ? 'border-late-line bg-late-subtle text-1' : 'border-border text-2',
              )}
            >
              {replaced ? (
                <Icon icon={CornerDownRight} size={12} className="text-late" />
              ) : (
                model !== undefined && <ModelDot model={model} size={8} />
              )}
              {slots.length <= 8 && (
                <span className="truncate">{model === undefined ? 'None' : shortModel(model)}</span>
              )}
            </span>
          ))}
        </div>
      </Line>
    );
  });
}
