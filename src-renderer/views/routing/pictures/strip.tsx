import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from 'react';
import type { SequencePlan } from '../../../../src-shared/routing/plan.ts';
import { shortModel } from '../../../../src-shared/routing-editor/model-words.ts';
import { type Run, resizeRun, runsOf, slotKeys } from '../../../../src-shared/routing-editor/runs.ts';
import { cx } from '../../../ui/cx.ts';
import { hueOf } from '../state/model-hues.ts';
import type { PictureProps } from './picture-props.ts';
import { orderKeys, Sortable, SortableItem } from './sortable.tsx';
import { useFocusAt } from './use-focus-at.ts';

/** From this many slots on names stand only on the runs. */
const NARROW_FROM = 13;

/** The slots of a pattern with their runs; slots are dragged, painted and taken out, runs are dragged longer or shorter. */
export function Strip(props: PictureProps<SequencePlan>): ReactNode {
  const { plan, preview, models, selected, onGesture, onSelect } = props;
  const written = plan.slots.map(({ name }) => name);
  const [pulled, setPulled] = useState<{ run: Run; size: number }>();
  const slots = pulled === undefined ? written : resizeRun(written, pulled.run, pulled.size);
  const runs = runsOf(slots);
  const keys = slotKeys(slots);
  const narrow = slots.length >= NARROW_FROM;
  const { container, focusAt } = useFocusAt();
  const current = Number(selected.at(-1) ?? -1);
  const move = (from: number, to: number) => onGesture({ kind: 'move', from, to }, `Move slot ${from + 1}`);
  const remove = (index: number) => onGesture({ kind: 'remove', index }, `Remove slot ${index + 1}`);
  const resize = (run: Run, size: number) => {
    if (size !== run.size && size >= 1)
      onGesture({ kind: 'resize', run, size }, `Resize to ${size} × ${shortModel(run.model)}`);
  };
  const onKeys = (event: KeyboardEvent, index: number) => {
    const run = runs.find(({ start, size }) => index >= start && index < start + size);
    const number = Number(event.key);
    const paint = Number.isInteger(number) && number >= 1 ? models[number - 1] : undefined;
    if (event.shiftKey && run !== undefined && /^Arrow(Left|Right)$/.test(event.key)) {
      resize(run, run.size + (event.key === 'ArrowRight' ? 1 : -1));
      focusAt(Math.min(index, run.start + Math.max(0, run.size - 2)));
    } else if (paint !== undefined && !event.ctrlKey && !event.altKey)
      onGesture({ kind: 'paint', index, model: paint }, `Paint slot ${index + 1}`);
    else {
      orderKeys(event, {
        index,
        count: slots.length,
        axis: 'row',
        onMove: move,
        onRemove: remove,
        onFocus: focusAt,
      });
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <fieldset
      ref={container}
      aria-label="Slots"
      className={cx('flex min-w-0 flex-col gap-6 pt-2', narrow ? 'overflow-x-auto px-2 pb-8' : 'pb-4')}
    >
      <div className={cx('flex', narrow ? 'gap-3' : 'gap-6')}>
        {runs.map((run) => (
          <RunLabel key={run.start} run={run} />
        ))}
      </div>
      <Sortable count={slots.length} direction="row" onMove={move}>
        <div className={cx('flex pt-6', narrow ? 'gap-3' : 'gap-6')}>
          {slots.map((model, index) => (
            <SortableItem key={keys[index]} index={index}>
              {({ ref, style, handle, dragging }) => (
                <div
                  className={cx('relative min-w-24', narrow ? 'w-24 flex-none' : 'min-w-0 flex-1')}
                  style={style}
                  ref={ref as React.Ref<HTMLDivElement>}
                >
                  <button
                    type="button"
                    {...handle}
                    data-place={index}
                    tabIndex={index === Math.max(0, current) ? 0 : -1}
                    aria-label={slotLabel(index, slots.length, model, index === preview.nextSlot)}
                    aria-pressed={index === current}
                    aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight Shift+ArrowLeft Shift+ArrowRight Delete"
                    onClick={() => onSelect(['pattern', index])}
                    onKeyDown={(event) => onKeys(event, index)}
                    className={cx(
                      'relative flex h-76 w-full cursor-grab touch-none flex-col justify-between overflow-hidden rounded-card border px-10 pt-10 pb-8 text-left transition-colors duration-80 active:cursor-grabbing',
                      index === preview.nextSlot
                        ? 'border-accent-text ring-1 ring-accent-text'
                        : 'border-border hover:border-strong',
                      index === current ? 'bg-selected' : 'bg-surface',
                      dragging && 'shadow-float',
                    )}
                  >
                    <span
                      className="absolute inset-x-0 top-0 h-3"
                      style={{ backgroundColor: hueOf(model) }}
                    />
                    <span className="figures truncate text-tiny text-3">
                      {narrow ? index + 1 : `Slot ${index + 1}`}
                    </span>
                    {!narrow && (
                      <span className="truncate text-body font-semibold text-1" title={model}>
                        {shortModel(model)}
                      </span>
                    )}
                  </button>
                  {index === preview.nextSlot && <NextFlag narrow={narrow} />}
                  {runs.some(({ start, size }) => start + size - 1 === index) && (
                    <RunHandle
                      run={runsOf(written).find(
                        (run) =>
                          run.model === model &&
                          index >= run.start &&
                          index <= run.start + Math.max(run.size, pulled?.size ?? 0) - 1,
                      )}
                      onPull={setPulled}
                      onDone={(run, size) => {
                        setPulled(undefined);
                        resize(run, size);
                      }}
                    />
                  )}
                </div>
              )}
            </SortableItem>
          ))}
        </div>
      </Sortable>
    </fieldset>
  );
}

function slotLabel(index: number, count: number, model: string, next: boolean): string {
  return `Slot ${index + 1} of ${count}, ${model}${next ? ', next call' : ''}`;
}

function RunLabel({ run }: { run: Run }): ReactNode {
  return (
    <div className="flex min-w-24 items-center gap-8" style={{ flex: `${run.size} 1 0` }} title={run.model}>
      <span className="h-1 flex-1 bg-border" />
      <span className="figures truncate text-small text-2">
        {run.size} × {shortModel(run.model)}
      </span>
      <span className="h-1 flex-1 bg-border" />
    </div>
  );
}

/** Marks the slot of the next call. */
export function NextFlag({ narrow = false }: { narrow?: boolean }): ReactNode {
  return (
    <span className="pointer-events-none absolute -top-8 left-1/2 z-1 -translate-x-1/2 rounded-hint bg-accent px-6 text-[10px]/[16px] font-semibold whitespace-nowrap text-on-accent">
      {narrow ? 'Next' : 'Next call'}
    </span>
  );
}

/** The right end of a run: pulled, the run gets longer or shorter by whole slots. */
function RunHandle(props: {
  run: Run | undefined;
  onPull(pulled: { run: Run; size: number }): void;
  onDone(run: Run, size: number): void;
}): ReactNode {
  const { run, onPull, onDone } = props;
  if (run === undefined) return null;
  const begin = (event: PointerEvent<HTMLSpanElement>) => {
    event.preventDefault();
    event.stopPropagation();
    const grip = event.currentTarget;
    const width = Math.max(24, grip.parentElement?.offsetWidth ?? 24);
    const from = event.clientX;
    let size = run.size;
    grip.setPointerCapture(event.pointerId);
    const pull = (moved: globalThis.PointerEvent) => {
      size = Math.max(1, run.size + Math.round((moved.clientX - from) / width));
      onPull({ run, size });
    };
    const end = () => {
      window.removeEventListener('pointermove', pull);
      window.removeEventListener('pointerup', end);
      onDone(run, size);
    };
    window.addEventListener('pointermove', pull);
    window.addEventListener('pointerup', end);
  };
  return (
    <span
      aria-hidden
      data-run-end={run.start}
      title="Pull to change how many"
      onPointerDown={begin}
      className="absolute top-16 -right-8 z-1 flex h-44 w-10 cursor-ew-resize touch-none items-center justify-center"
    >
      <span className="h-20 w-2 rounded-full bg-control" />
    </span>
  );
}
