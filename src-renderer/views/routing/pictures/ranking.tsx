import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { availabilityOf } from '../../../../src-shared/routing/availability.ts';
import { dollars } from '../../../../src-shared/routing/money.ts';
import type { RankedPlan } from '../../../../src-shared/routing/plan.ts';
import { shortModel } from '../../../../src-shared/routing-editor/model-words.ts';
import { draftFacts } from '../../../../src-shared/routing-editor/preview.ts';
import { cx } from '../../../ui/cx.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { hueOf } from '../state/model-hues.ts';
import { ModelName } from './model-dot.tsx';
import type { PictureProps } from './picture-props.ts';
import { orderKeys } from './sortable.tsx';
import { useFocusAt } from './use-focus-at.ts';

/** The candidates with the figure that decides between them, the best first. */
export function Ranking(props: PictureProps<RankedPlan>): ReactNode {
  const { plan, routing, basis, preview, selected, onGesture, onSelect } = props;
  const { container, focusAt } = useFocusAt();
  const availability = availabilityOf(draftFacts(basis, routing));
  const byCost = plan.strategy === 'least_cost';
  const rows = plan.models.map((ref, place) => {
    const figure = byCost ? availability.cost(ref) : availability.latency(ref);
    return { ref, place, figure, verdict: availability.check(ref) };
  });
  const unknown = byCost ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const ranked = rows.toSorted((a, b) => (a.figure ?? unknown) - (b.figure ?? unknown) || a.place - b.place);
  const most = Math.max(...rows.map(({ figure }) => figure ?? 0), 0.000_001);
  const next = preview.calls[0]?.model;
  const remove = (place: number) =>
    onGesture({ kind: 'remove', index: place }, `Remove ${shortModel(plan.models[place]?.name ?? '')}`);
  return (
    <fieldset ref={container} aria-label="Candidates" className="flex flex-col gap-6 py-8">
      {ranked.map(({ ref, place, figure, verdict }, index) => {
        const isNext = ref.name === next;
        const words =
          figure === undefined
            ? byCost
              ? 'No price known'
              : 'Not timed yet, tried first'
            : byCost
              ? `${dollars(figure)} a call`
              : `${(figure / 1000).toFixed(2)} s`;
        return (
          <div key={ref.name} className="group relative">
            <button
              type="button"
              data-place={index}
              tabIndex={index === 0 ? 0 : -1}
              aria-label={`${ref.name}, ${words}${isNext ? ', next call' : ''}${verdict.ok ? '' : `, ${verdict.text}`}`}
              aria-pressed={Number(selected.at(-1)) === place}
              onClick={() => onSelect(['models', place])}
              onKeyDown={(event) =>
                orderKeys(event, {
                  index,
                  count: ranked.length,
                  axis: 'column',
                  onMove: () => undefined,
                  onRemove: () => remove(place),
                  onFocus: focusAt,
                })
              }
              className={cx(
                'grid h-52 w-full grid-cols-[20px_minmax(120px,180px)_minmax(60px,1fr)_136px] items-center gap-12 rounded-card border bg-surface pr-36 pl-12 text-left',
                isNext ? 'border-accent-text ring-1 ring-accent-text' : 'border-border hover:border-strong',
              )}
            >
              <span className="figures text-small text-3">{index + 1}</span>
              <span className="flex min-w-0 flex-col">
                <ModelName model={ref.name} strong />
                <span className={cx('truncate pl-16 text-small', verdict.ok ? 'text-3' : 'text-late')}>
                  {verdict.ok ? (isNext ? 'Takes the next call' : 'Can be used') : verdict.text}
                </span>
              </span>
              <span className="h-8 overflow-hidden rounded-bar bg-track">
                <span
                  className="block h-full rounded-bar"
                  style={{ width: `${((figure ?? 0) / most) * 100}%`, backgroundColor: hueOf(ref.name) }}
                />
              </span>
              <span className="figures text-right text-small text-2">{words}</span>
            </button>
            <IconButton
              icon={X}
              size={20}
              label={`Remove ${shortModel(ref.name)}`}
              onClick={() => remove(place)}
              className="absolute top-16 right-8 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
            />
          </div>
        );
      })}
    </fieldset>
  );
}
