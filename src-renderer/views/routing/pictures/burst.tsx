import { ArrowRight, Repeat } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { BurstPlan } from '../../../../src-shared/routing/plan.ts';
import { providerOf, shortModel } from '../../../../src-shared/routing-editor/model-words.ts';
import { standOf } from '../../../../src-shared/routing-editor/preview.ts';
import { Button } from '../../../ui/button.tsx';
import { cx } from '../../../ui/cx.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Input } from '../../../ui/input.tsx';
import { hueOf } from '../state/model-hues.ts';
import { ModelMenu } from './model-menu.tsx';
import type { PictureProps } from './picture-props.ts';
import { NextFlag } from './strip.tsx';

const MOST_CALLS = 20;

/** A cheap model for some calls, then the strong one: both models, how many calls, and the words that cut it short. */
export function Burst(props: PictureProps<BurstPlan>): ReactNode {
  const { plan, routing, basis, preview, models, selected, onGesture, onSelect } = props;
  const [pulled, setPulled] = useState<number>();
  const size = pulled ?? plan.size ?? 0;
  const done = standOf(basis.stand, routing).burst_count ?? 0;
  const next = preview.calls[0]?.decision;
  const nextIsFinal = next?.outcome === 'chosen' && next.position.kind === 'final';
  const setSize = (value: number) => {
    setPulled(undefined);
    if (value !== plan.size) onGesture({ kind: 'option', key: 'burst_size', value }, `Burst of ${value}`);
  };
  return (
    <div className="flex flex-col gap-16 pt-10 pb-8">
      <div className="flex flex-wrap items-stretch gap-12">
        <Stage
          title={`Iterate, ${size === 0 ? 'until the words come' : `${size} calls`}`}
          model={plan.iterate.name}
          on={selected.at(-1) === 'iterate'}
          next={!nextIsFinal}
          onSelect={() => onSelect(['iterate'])}
        >
          <div className="flex flex-wrap gap-4">
            {Array.from({ length: Math.min(Math.max(size, 1), MOST_CALLS) }, (_, index) => (
              <span
                key={`call-${String(index + 1)}`}
                title={`Call ${index + 1}`}
                className={cx(
                  'size-10 rounded-bar border',
                  index < done ? 'border-transparent' : 'border-strong',
                )}
                style={index < done ? { backgroundColor: hueOf(plan.iterate.name) } : undefined}
              />
            ))}
          </div>
          <ModelMenu
            models={models}
            onPick={(value) =>
              onGesture({ kind: 'option', key: 'iterate', value }, `Iterate with ${shortModel(value)}`)
            }
            trigger={<Button size="small">Change the model</Button>}
          />
        </Stage>
        <span className="flex items-center">
          <Icon icon={ArrowRight} size={16} className="text-3" />
        </span>
        <Stage
          title="Final, 1 call"
          model={plan.final.name}
          on={selected.at(-1) === 'final'}
          next={nextIsFinal}
          onSelect={() => onSelect(['final'])}
        >
          <span className="flex items-center gap-6 text-small text-3">
            <Icon icon={Repeat} size={12} /> Then the burst begins again
          </span>
          <ModelMenu
            models={models}
            onPick={(value) =>
              onGesture({ kind: 'option', key: 'final', value }, `Finish with ${shortModel(value)}`)
            }
            trigger={<Button size="small">Change the model</Button>}
          />
        </Stage>
      </div>
      <label className="grid grid-cols-[112px_minmax(0,1fr)_72px] items-center gap-12 text-body text-2">
        Burst size
        <input
          type="range"
          min={1}
          max={MOST_CALLS}
          value={Math.min(Math.max(size, 1), MOST_CALLS)}
          aria-label="Calls of the cheap model before the final one"
          aria-valuetext={`${size} calls`}
          onChange={(event) => setPulled(Number(event.target.value))}
          onPointerUp={(event) => setSize(Number(event.currentTarget.value))}
          onKeyUp={(event) => setSize(Number(event.currentTarget.value))}
          onBlur={(event) => pulled !== undefined && setSize(Number(event.currentTarget.value))}
          className="h-4 appearance-none rounded-full bg-track [&::-webkit-slider-thumb]:size-16 [&::-webkit-slider-thumb]:appearance-none [&::-webkit-slider-thumb]:rounded-full [&::-webkit-slider-thumb]:border-2 [&::-webkit-slider-thumb]:border-page [&::-webkit-slider-thumb]:bg-accent-fill"
        />
        <span className="figures text-right text-1">{size === 0 ? 'No limit' : `${size} calls`}</span>
      </label>
      <div className="grid grid-cols-[112px_minmax(0,1fr)] items-center gap-12 text-body text-2">
        <span>Final when it says</span>
        <Input
          key={plan.trigger ?? ''}
          defaultValue={plan.trigger ?? ''}
          placeholder="ready for review"
          aria-label="Words in a request that call for the final model"
          onBlur={(event) => {
            const value = event.currentTarget.value.trim();
            if (value === (plan.trigger ?? '')) return;
            const gesture = {
              kind: 'option',
              key: 'final_trigger',
              value: value === '' ? undefined : value,
            } as const;
            onGesture(gesture, 'Change the words');
          }}
        />
      </div>
    </div>
  );
}

function Stage(props: {
  title: string;
  model: string;
  on: boolean;
  next: boolean;
  onSelect(): void;
  children: ReactNode;
}): ReactNode {
  const { title, model, on, next, onSelect, children } = props;
  return (
    <div
      className={cx(
        'relative flex w-240 flex-1 flex-col gap-10 rounded-card border bg-surface px-12 pt-12 pb-10',
        on || next ? 'border-accent-text ring-1 ring-accent-text' : 'border-border',
      )}
    >
      <span
        className="absolute inset-x-0 top-0 h-3 rounded-t-card"
        style={{ backgroundColor: hueOf(model) }}
      />
      {next && <NextFlag />}
      <button
        type="button"
        onClick={onSelect}
        aria-label={`${title}, ${model}`}
        className="flex flex-col rounded-hint text-left"
      >
        <span className="figures text-tiny text-3">{title}</span>
        <span className="truncate text-heading text-1">{model === '' ? 'No model' : shortModel(model)}</span>
        <span className="text-small text-3">{providerOf(model)}</span>
      </button>
      {children}
    </div>
  );
}
