import { ArrowRight, X } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import { availabilityOf } from '../../../../src-shared/routing/availability.ts';
import type { RankedPlan } from '../../../../src-shared/routing/plan.ts';
import { providerOf, shortModel } from '../../../../src-shared/routing-editor/model-words.ts';
import { draftFacts } from '../../../../src-shared/routing-editor/preview.ts';
import { cx } from '../../../ui/cx.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { hueOf } from '../state/model-hues.ts';
import type { PictureProps } from './picture-props.ts';
import { orderKeys, Sortable, SortableItem } from './sortable.tsx';
import { NextFlag } from './strip.tsx';
import { useFocusAt } from './use-focus-at.ts';

/** Models in the order in which they are tried, each with whether it can be used. */
export function Chain(props: PictureProps<RankedPlan>): ReactNode {
  const { plan, routing, basis, preview, selected, onGesture, onSelect } = props;
  const { container, focusAt } = useFocusAt();
  const availability = availabilityOf(draftFacts(basis, routing));
  const next = preview.calls[0]?.model;
  const current = Number(selected.at(-1) ?? -1);
  const move = (from: number, to: number) =>
    onGesture({ kind: 'move', from, to }, `Move ${shortModel(plan.models[from]?.name ?? '')}`);
  const remove = (index: number) =>
    onGesture({ kind: 'remove', index }, `Remove ${shortModel(plan.models[index]?.name ?? '')}`);
  return (
    <fieldset ref={container} aria-label="Order of models" className="px-2 pt-10 pb-8">
      <Sortable count={plan.models.length} direction="wrap" onMove={move}>
        <div className="flex flex-wrap items-center gap-x-8 gap-y-16">
          {plan.models.map((ref, index) => {
            const verdict = availability.check(ref);
            return (
              <Fragment key={ref.name}>
                {index > 0 && <Icon icon={ArrowRight} className="text-3" />}
                <SortableItem index={index}>
                  {({ ref: node, style, handle, dragging }) => (
                    <div
                      ref={node as React.Ref<HTMLDivElement>}
                      style={style}
                      className="group relative w-188"
                    >
                      <button
                        type="button"
                        {...handle}
                        data-place={index}
                        tabIndex={index === Math.max(0, current) ? 0 : -1}
                        aria-label={`Choice ${index + 1}, ${ref.name}, ${verdict.ok ? 'can be used' : verdict.text}`}
                        aria-pressed={index === current}
                        aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight Delete"
                        onClick={() => onSelect(['models', index])}
                        onKeyDown={(event) =>
                          orderKeys(event, {
                            index,
                            count: plan.models.length,
                            axis: 'both',
                            onMove: move,
                            onRemove: remove,
                            onFocus: focusAt,
                          })
                        }
                        className={cx(
                          'relative flex h-88 w-full cursor-grab touch-none flex-col overflow-hidden rounded-card border bg-surface px-12 pt-10 pb-8 text-left active:cursor-grabbing',
                          ref.name === next || index === current
                            ? 'border-accent-text ring-1 ring-accent-text'
                            : 'border-border hover:border-strong',
                          dragging && 'shadow-float',
                        )}
                      >
                        <span
                          className="absolute inset-x-0 top-0 h-3"
                          style={{ backgroundColor: hueOf(ref.name) }}
                        />
                        <span className="text-tiny text-3">
                          {index === 0 ? 'First choice' : `Choice ${index + 1}`}
                        </span>
                        <span className="truncate text-body font-semibold text-1" title={ref.name}>
                          {shortModel(ref.name)}
                        </span>
                        <span className="truncate text-small text-3">{providerOf(ref.name)}</span>
                        <span
                          className={cx(
                            'mt-auto flex items-center gap-6 text-small',
                            verdict.ok ? 'text-2' : 'text-late',
                          )}
                          title={verdict.ok ? undefined : verdict.text}
                        >
                          <Glyph status={verdict.ok ? 'online' : 'late'} size={12} />
                          <span className="truncate">{verdict.ok ? 'Can be used' : verdict.text}</span>
                        </span>
                      </button>
                      <IconButton
                        icon={X}
                        size={20}
                        label={`Remove ${shortModel(ref.name)}`}
                        onClick={() => remove(index)}
                        className="absolute top-6 right-6 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
                      />
                      {ref.name === next && <NextFlag />}
                    </div>
                  )}
                </SortableItem>
              </Fragment>
            );
          })}
        </div>
      </Sortable>
    </fieldset>
  );
}
