import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { SequencePlan } from '../../../../src-shared/routing/plan.ts';
import { shortModel } from '../../../../src-shared/routing-editor/model-words.ts';
import { slotKeys } from '../../../../src-shared/routing-editor/runs.ts';
import { cx } from '../../../ui/cx.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { hueOf } from '../state/model-hues.ts';
import { ModelName } from './model-dot.tsx';
import type { PictureProps } from './picture-props.ts';
import { orderKeys, Sortable, SortableItem } from './sortable.tsx';
import { useFocusAt } from './use-focus-at.ts';

const SIZE = 208;
const RADIUS = 74;

/** Where a place on the ring lies; the first is at the top. */
function onRing(index: number, count: number, radius: number): { x: number; y: number } {
  const angle = (index / Math.max(1, count)) * 2 * Math.PI - Math.PI / 2;
  return { x: SIZE / 2 + radius * Math.cos(angle), y: SIZE / 2 + radius * Math.sin(angle) };
}

/** Models in turn: the ring shows the turn, the list beside it is where the order is changed. */
export function Ring(props: PictureProps<SequencePlan>): ReactNode {
  const { plan, preview, selected, onGesture, onSelect } = props;
  const { container, focusAt } = useFocusAt();
  const { slots } = plan;
  const current = Number(selected.at(-1) ?? -1);
  const move = (from: number, to: number) =>
    onGesture({ kind: 'move', from, to }, `Move ${shortModel(slots[from]?.name ?? '')}`);
  const remove = (index: number) =>
    onGesture({ kind: 'remove', index }, `Remove ${shortModel(slots[index]?.name ?? '')}`);
  const next = preview.nextSlot;
  const keys = slotKeys(slots.map(({ name }) => name));
  return (
    <div className="flex flex-wrap items-center gap-32 py-8">
      <svg width={SIZE} height={SIZE} viewBox={`0 0 ${SIZE} ${SIZE}`} aria-hidden="true" className="shrink-0">
        <title>The turn of the models</title>
        <circle cx={SIZE / 2} cy={SIZE / 2} r={RADIUS} className="fill-none stroke-border" strokeWidth={2} />
        {next !== undefined && <NextArc index={next} count={slots.length} />}
        {slots.map(({ name }, index) => {
          const { x, y } = onRing(index, slots.length, RADIUS);
          const isNext = index === next;
          return (
            <g key={keys[index]}>
              {isNext && (
                <circle cx={x} cy={y} r={22} className="fill-none stroke-accent-text" strokeWidth={2} />
              )}
              <circle cx={x} cy={y} r={17} style={{ fill: hueOf(name) }} />
              <text x={x} y={y + 4} textAnchor="middle" className="fill-cutout text-small font-semibold">
                {index + 1}
              </text>
            </g>
          );
        })}
        <text
          x={SIZE / 2}
          y={SIZE / 2 - 4}
          textAnchor="middle"
          className="fill-[var(--text-color-3)] text-tiny"
        >
          Next call
        </text>
        <text
          x={SIZE / 2}
          y={SIZE / 2 + 14}
          textAnchor="middle"
          className="fill-[var(--text-color-1)] text-body font-semibold"
        >
          {shortModel(preview.calls[0]?.model ?? 'none').slice(0, 16)}
        </text>
      </svg>
      <fieldset ref={container} aria-label="Turn of models" className="min-w-240 flex-1">
        <Sortable count={slots.length} direction="column" onMove={move}>
          <div className="flex flex-col gap-6">
            {slots.map(({ name }, index) => (
              <SortableItem key={keys[index]} index={index}>
                {({ ref, style, handle, dragging }) => (
                  <div ref={ref as React.Ref<HTMLDivElement>} style={style} className="group relative">
                    <button
                      type="button"
                      {...handle}
                      data-place={index}
                      tabIndex={index === Math.max(0, current) ? 0 : -1}
                      aria-label={`Turn ${index + 1} of ${slots.length}, ${name}${index === next ? ', next call' : ''}`}
                      aria-pressed={index === current}
                      aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Delete"
                      onClick={() => onSelect(['models', index])}
                      onKeyDown={(event) =>
                        orderKeys(event, {
                          index,
                          count: slots.length,
                          axis: 'column',
                          onMove: move,
                          onRemove: remove,
                          onFocus: focusAt,
                        })
                      }
                      className={cx(
                        'flex h-36 w-full cursor-grab touch-none items-center gap-10 rounded-card border bg-surface px-12 text-left active:cursor-grabbing',
                        index === current
                          ? 'border-accent-text ring-1 ring-accent-text'
                          : 'border-border hover:border-strong',
                        dragging && 'shadow-float',
                      )}
                    >
                      <span className="figures w-16 text-small text-3">{index + 1}</span>
                      <ModelName model={name} strong />
                      {index === next && (
                        <span className="mr-28 ml-auto text-small font-medium text-accent-text">
                          Next call
                        </span>
                      )}
                    </button>
                    <IconButton
                      icon={X}
                      size={20}
                      label={`Remove ${shortModel(name)}`}
                      onClick={() => remove(index)}
                      className="absolute top-8 right-8 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
                    />
                  </div>
                )}
              </SortableItem>
            ))}
          </div>
        </Sortable>
      </fieldset>
    </div>
  );
}

/** The way from the place before the next one to it. */
function NextArc({ index, count }: { index: number; count: number }): ReactNode {
  if (count < 2) return null;
  const from = onRing(index - 1, count, RADIUS);
  const to = onRing(index, count, RADIUS);
  return (
    <path
      d={`M ${from.x} ${from.y} A ${RADIUS} ${RADIUS} 0 0 1 ${to.x} ${to.y}`}
      className="fill-none stroke-accent-text"
      strokeWidth={3}
      strokeLinecap="round"
    />
  );
}
