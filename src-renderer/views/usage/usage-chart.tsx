import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { noTotals, type Totals } from '../../../src-shared/routing/usage.ts';
import { cx } from '../../ui/cx.ts';
import { moveBy } from '../../ui/use-list-keys.ts';
import { axisTop, barOf, dayTotals, type Series } from './logic/chart.ts';
import { type Measure, measured } from './logic/usage-picture.ts';
import { amountText, dayText, sumText } from './logic/usage-words.ts';
import { lookColour, lookPattern, Swatch } from './look.tsx';

const HEIGHT = 152;
const AXIS = 72;
const FOOT = 20;
const TOP = 10;
/** A single day is not as wide as the page. */
const WIDEST_BAR = 56;
const REST_COLOUR = 'var(--color-quiet)';

export interface UsageChartProps {
  days: readonly string[];
  series: readonly Series[];
  measure: Measure;
  /** A limit per day to draw a line at, in the measure. */
  limit: number | undefined;
}

/** What was used, a bar a day; each day is a button that says its parts, reached with the arrow keys. */
export function UsageChart({ days, series, measure, limit }: UsageChartProps): ReactNode {
  const [frame, width] = useWidth();
  const [shown, setShown] = useState<number | undefined>(undefined);
  const totals = dayTotals(days, series);
  const largest = Math.max(limit ?? 0, ...totals.map((sum) => measured(sum, measure)));
  const top = axisTop(largest, measure !== 'money');
  const step = Math.max(0, width - AXIS) / days.length;
  const bar = Math.min(WIDEST_BAR, Math.max(3, step * 0.68));
  const height = (share: number) => share * (HEIGHT - TOP);
  const every = Math.max(1, Math.ceil(56 / Math.max(1, step)));
  return (
    <div className="flex min-w-0 flex-col gap-6 px-20 py-12">
      <div ref={frame} className="relative" style={{ height: HEIGHT + FOOT }}>
        <svg aria-hidden width={width} height={HEIGHT + FOOT} className="absolute inset-0">
          {[0, 0.5, 1].map((share) => (
            <g key={share}>
              <line
                x1={AXIS}
                x2={width}
                y1={HEIGHT - height(share) - 0.5}
                y2={HEIGHT - height(share) - 0.5}
                stroke="var(--color-hairline)"
              />
              <text
                x={AXIS - 10}
                y={HEIGHT - height(share) + 4}
                textAnchor="end"
                className="figures fill-(--text-color-3) text-tiny"
              >
                {share === 0 ? '0' : amountText(top * share, measure)}
              </text>
            </g>
          ))}
          {days.map((day, index) => {
            const x = AXIS + step * index + (step - bar) / 2;
            return (
              <g key={day}>
                {barOf(series, index, measure, top).map(({ series: each, from, to }) => {
                  const box = {
                    x,
                    y: HEIGHT - height(to),
                    width: bar,
                    height: Math.max(1, height(to - from) - 1),
                  };
                  const pattern = each.look === undefined ? undefined : lookPattern(each.look);
                  return (
                    <g key={each.name}>
                      <rect {...box} fill={each.look === undefined ? REST_COLOUR : lookColour(each.look)} />
                      {pattern !== undefined && <rect {...box} fill={pattern} />}
                    </g>
                  );
                })}
                {(days.length - 1 - index) % every === 0 && (
                  <text
                    x={Math.min(x + bar / 2, width - 20)}
                    y={HEIGHT + 15}
                    textAnchor="middle"
                    className="figures fill-(--text-color-3) text-tiny"
                  >
                    {dayText(day)}
                  </text>
                )}
              </g>
            );
          })}
          {limit !== undefined && (
            <line
              x1={AXIS}
              x2={width}
              y1={HEIGHT - height(limit / top)}
              y2={HEIGHT - height(limit / top)}
              stroke="var(--color-late-fill)"
              strokeWidth="1.5"
              strokeDasharray="5 4"
            />
          )}
        </svg>
        <DayButtons
          days={days}
          labels={days.map((day, index) => sentence(day, index, series, totals[index], measure))}
          left={AXIS}
          step={step}
          shown={shown}
          onShow={setShown}
        />
      </div>
      <Legend series={series} day={shown} days={days} measure={measure} limit={limit} />
    </div>
  );
}

function DayButtons(props: {
  days: readonly string[];
  labels: readonly string[];
  left: number;
  step: number;
  shown: number | undefined;
  onShow(day: number | undefined): void;
}): ReactNode {
  const { days, labels, left, step, shown, onShow } = props;
  const [current, setCurrent] = useState(days.length - 1);
  const reached = Math.min(current, days.length - 1);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const key = { ArrowRight: 'ArrowDown', ArrowLeft: 'ArrowUp', Home: 'Home', End: 'End' }[event.key];
    const next = key === undefined ? undefined : moveBy(key, reached, days.length, 7);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    setCurrent(next);
    event.currentTarget.querySelectorAll('button')[next]?.focus();
  };
  return (
    <div role="toolbar" aria-label="Days" onKeyDown={onKeyDown} className="absolute inset-0">
      {days.map((day, index) => (
        <button
          key={day}
          type="button"
          tabIndex={index === reached ? 0 : -1}
          aria-label={labels[index]}
          onFocus={() => {
            setCurrent(index);
            onShow(index);
          }}
          onBlur={() => onShow(undefined)}
          onPointerEnter={() => onShow(index)}
          onPointerLeave={() => onShow(undefined)}
          className={cx(
            'absolute top-0 bottom-0 rounded-badge -outline-offset-2',
            shown === index && 'bg-quiet/12',
          )}
          style={{ left: left + step * index, width: step }}
        />
      ))}
    </div>
  );
}

function Legend(props: {
  series: readonly Series[];
  /** The day whose sums are shown; undefined for all days. */
  day: number | undefined;
  days: readonly string[];
  measure: Measure;
  limit: number | undefined;
}): ReactNode {
  const { series, day, days, measure, limit } = props;
  const name = day === undefined ? undefined : days[day];
  return (
    <ul
      aria-label="Legend"
      className="flex min-h-20 flex-wrap items-center gap-x-16 gap-y-2 text-small text-2"
    >
      <li className="w-64 text-3">{name === undefined ? 'All days' : dayText(name)}</li>
      {series.map((each) => (
        <li key={each.name} className="flex items-center gap-6">
          {each.look === undefined ? (
            <span aria-hidden className="size-10 rounded-[2px] bg-quiet" />
          ) : (
            <Swatch look={each.look} />
          )}
          <span className="max-w-200 truncate">{each.name}</span>
          <span className="figures text-3">
            {sumText(day === undefined ? each.sum : (each.byDay[day] ?? noTotals), measure)}
          </span>
        </li>
      ))}
      {limit !== undefined && (
        <li className="flex items-center gap-6">
          <span aria-hidden className="w-16 border-t-2 border-dashed border-late-fill" />
          Limit per day {amountText(limit, measure)}
        </li>
      )}
    </ul>
  );
}

function sentence(
  day: string,
  index: number,
  series: readonly Series[],
  total: Totals | undefined,
  measure: Measure,
): string {
  const sum = total ?? noTotals;
  if (sum.calls === 0) return `${dayText(day)}: no calls`;
  const parts = series.flatMap((each) => {
    const own = each.byDay[index] ?? noTotals;
    return own.calls === 0 ? [] : [`${each.name} ${sumText(own, measure) || 'no price'}`];
  });
  return `${dayText(day)}: ${sumText(sum, measure) || 'no price'}. ${parts.join(', ')}`;
}

function useWidth() {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, []);
  return [frame, width] as const;
}
