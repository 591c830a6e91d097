import { Lock, LockOpen, X } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import type { WeightedPlan } from '../../../../src-shared/routing/plan.ts';
import { shortModel } from '../../../../src-shared/routing-editor/model-words.ts';
import { asPercents, withBorder, withPercent } from '../../../../src-shared/routing-editor/weights.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { hueOf } from '../state/model-hues.ts';
import { useRecentShares } from '../state/use-basis.ts';
import { ModelName } from './model-dot.tsx';
import type { PictureProps } from './picture-props.ts';

/** Shares as one bar whose borders are dragged, and as numbers; what really happened stands beside what is asked for. */
export function Bars(props: PictureProps<WeightedPlan>): ReactNode {
  const { plan, routing, onGesture, onSelect } = props;
  const written = Object.fromEntries(plan.models.map(({ name }, index) => [name, plan.weights[index] ?? 0]));
  const percents = asPercents(written);
  const [pulled, setPulled] = useState<Record<string, number>>();
  const [locked, setLocked] = useState<ReadonlySet<string>>(new Set());
  const bar = useRef<HTMLDivElement>(null);
  const shown = pulled ?? percents;
  const recent = useRecentShares(routing.name);
  const set = (weights: Record<string, number>, label: string) =>
    onGesture({ kind: 'weights', weights }, label);
  const names = Object.keys(shown);
  const isFree = (index: number) => !locked.has(names[index] ?? '') && !locked.has(names[index + 1] ?? '');
  const pull = (event: PointerEvent, index: number) => {
    event.preventDefault();
    const width = Math.max(1, bar.current?.offsetWidth ?? 1);
    const from = event.clientX;
    let latest = percents;
    const move = (moved: globalThis.PointerEvent) => {
      latest = withBorder(percents, index, ((moved.clientX - from) / width) * 100);
      setPulled(latest);
    };
    const end = () => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', end);
      setPulled(undefined);
      set(latest, 'Move a border');
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', end);
  };
  const nudge = (event: KeyboardEvent, index: number) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    set(withBorder(percents, index, by), 'Move a border');
  };
  let start = 0;
  return (
    <div className="flex flex-col gap-16 py-8">
      <div ref={bar} className="relative flex h-64 gap-2 overflow-visible">
        {names.map((model, index) => {
          const percent = shown[model] ?? 0;
          start += percent;
          return (
            <div key={model} className="contents">
              <button
                type="button"
                onClick={() => onSelect(['weights', model])}
                aria-label={`${model}, ${percent}%`}
                style={{ flex: `${Math.max(percent, 0.5)} 1 0` }}
                className="relative flex min-w-0 flex-col justify-center overflow-hidden rounded-card border border-border bg-surface text-left hover:border-strong"
              >
                <span className="absolute inset-x-0 top-0 h-4" style={{ backgroundColor: hueOf(model) }} />
                {percent >= 8 && (
                  <span className="w-full truncate px-12 text-body font-semibold text-1" title={model}>
                    {shortModel(model)}
                  </span>
                )}
                {percent >= 5 && (
                  <span className="figures w-full truncate px-12 text-small text-2">{percent}%</span>
                )}
              </button>
              {index < names.length - 1 && (
                <button
                  type="button"
                  tabIndex={isFree(index) ? 0 : -1}
                  aria-label={`Border between ${shortModel(model)} and ${shortModel(names[index + 1] ?? '')}, at ${start}%, arrow keys move it`}
                  onPointerDown={isFree(index) ? (event) => pull(event, index) : undefined}
                  onKeyDown={isFree(index) ? (event) => nudge(event, index) : undefined}
                  style={{ left: `calc(${start}% - 6px)` }}
                  className="absolute inset-y-0 z-1 flex w-12 cursor-ew-resize touch-none items-center justify-center rounded-hint"
                >
                  <span className="h-24 w-2 rounded-full bg-control" />
                </button>
              )}
            </div>
          );
        })}
      </div>
      <div className="flex flex-col">
        <div className="grid h-28 grid-cols-[minmax(120px,200px)_92px_28px_minmax(80px,1fr)_104px_24px] items-center gap-12 text-small text-3">
          <span>Model</span>
          <span>Share</span>
          <span />
          <span className="truncate">7 days, {recent.calls} calls</span>
          <span />
          <span />
        </div>
        {names.map((model) => {
          const actual = recent.calls === 0 ? undefined : (recent.models.get(model) ?? 0) / recent.calls;
          const isLocked = locked.has(model);
          const toggle = () => {
            const next = new Set(locked);
            if (!next.delete(model)) next.add(model);
            setLocked(next);
          };
          return (
            <div
              key={model}
              className="grid h-36 grid-cols-[minmax(120px,200px)_92px_28px_minmax(80px,1fr)_104px_24px] items-center gap-12 border-t border-hairline text-body text-2"
            >
              <ModelName model={model} strong />
              <PercentField
                label={`Share of ${model} in percent`}
                value={shown[model] ?? 0}
                disabled={isLocked}
                onChange={(value) =>
                  set(withPercent(percents, model, value, locked), `Share of ${shortModel(model)}`)
                }
              />
              <IconButton
                icon={isLocked ? Lock : LockOpen}
                size={24}
                on={isLocked}
                label={isLocked ? `Unlock ${shortModel(model)}` : `Lock ${shortModel(model)}`}
                onClick={toggle}
              />
              <ShareBar model={model} actual={actual} asked={(shown[model] ?? 0) / 100} />
              <span className="figures text-right text-small text-3">
                {actual === undefined ? '' : `${Math.round(actual * 100)}% of ${shown[model] ?? 0}%`}
              </span>
              <IconButton
                icon={X}
                size={20}
                label={`Remove ${shortModel(model)}`}
                onClick={() => {
                  const { [model]: _, ...rest } = written;
                  set(rest, `Remove ${shortModel(model)}`);
                }}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** A share as a bar; the line marks what was asked for. */
export function ShareBar(props: { model: string; actual: number | undefined; asked: number }): ReactNode {
  return (
    <span className="relative block h-8 rounded-bar bg-track">
      <span
        className="block h-full rounded-bar"
        style={{ width: `${(props.actual ?? 0) * 100}%`, backgroundColor: hueOf(props.model) }}
      />
      <span
        className="absolute -top-3 h-14 w-2 bg-[var(--text-color-1)]"
        style={{ left: `calc(${props.asked * 100}% - 1px)` }}
      />
    </span>
  );
}

function PercentField(props: {
  label: string;
  value: number;
  disabled: boolean;
  onChange(value: number): void;
}): ReactNode {
  return (
    <span className="inline-flex items-center gap-6">
      <input
        key={props.value}
        type="number"
        min={0}
        max={100}
        aria-label={props.label}
        defaultValue={props.value}
        disabled={props.disabled}
        onBlur={(event) => commit(event.currentTarget, props)}
        onKeyDown={(event) => event.key === 'Enter' && commit(event.currentTarget, props)}
        className="figures h-28 w-64 rounded-control border border-control bg-page px-8 text-body text-1 select-text disabled:border-border disabled:text-3"
      />
      <span className="text-3">%</span>
    </span>
  );
}

function commit(field: HTMLInputElement, props: { value: number; onChange(value: number): void }): void {
  const next = Number(field.value);
  if (field.value !== '' && Number.isFinite(next) && next !== props.value) props.onChange(next);
}
