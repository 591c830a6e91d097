import { Slider } from '@base-ui/react/slider';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import type { LogEntry } from '../../../../src-shared/views/work-detail.ts';
import { Button } from '../../../ui/button.tsx';
import { exact, moment } from '../../../ui/format.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { densityOf, neighbour } from './log-filter.ts';

/** Bars of the picture of how much happened when. */
const BUCKETS = 120;
/** Steps of the slider over its whole length. */
const STEPS = 1_000;

export interface ScrubberProps {
  /** What is loaded, whatever is filtered. */
  entries: readonly LogEntry[];
  /** The time that is shown, in milliseconds since the epoch; undefined follows the present. */
  at: number | undefined;
  onChange(at: number | undefined): void;
}

function timeText(time: number): string {
  return exact(new Date(time).toISOString());
}

/** Moves through the time of the log: at its right end the log is live. */
export function Scrubber({ entries, at, onChange }: ScrubberProps): ReactNode {
  const from = Date.parse(entries[0]?.time ?? '');
  const to = Date.parse(entries.at(-1)?.time ?? '');
  const bars = useMemo(() => densityOf(entries, from, to, BUCKETS), [entries, from, to]);
  if (entries.length < 2 || !(to > from)) return null;
  const most = Math.max(1, ...bars);
  const step = Math.max(1, Math.floor((to - from) / STEPS));
  const shown = Math.min(to, Math.max(from, at ?? to));
  const go = (by: 1 | -1) => {
    const next = neighbour(entries, shown, by);
    onChange(next === undefined || next >= to ? (by > 0 ? undefined : at) : next);
  };
  return (
    <section
      aria-label="Time"
      className="flex h-52 shrink-0 items-center gap-12 border-t border-hairline px-20 text-small text-2"
    >
      <IconButton icon={ChevronLeft} label="Previous event" size={24} onClick={() => go(-1)} />
      <IconButton icon={ChevronRight} label="Next event" size={24} onClick={() => go(1)} />
      <span className="figures w-88 shrink-0 text-3">{moment(new Date(from).toISOString(), to)}</span>
      <Slider.Root
        min={from}
        max={to}
        step={step}
        value={shown}
        onValueChange={(value) => onChange(value >= to - step ? undefined : value)}
        className="min-w-0 flex-1"
      >
        <Slider.Control className="flex h-40 items-center">
          <Slider.Track className="relative h-2 w-full rounded-full bg-track">
            <div aria-hidden className="absolute inset-x-0 bottom-2 flex h-16 items-end gap-1">
              {bars.map((count, index) => (
                <span
                  // A bar has no other name than its place in time.
                  key={`bar-${(from + (index * (to - from)) / BUCKETS).toFixed(0)}`}
                  className="min-w-0 flex-1 bg-quiet opacity-60"
                  style={{ height: `${(count / most) * 100}%` }}
                />
              ))}
            </div>
            <Slider.Indicator className="rounded-full bg-accent-text" />
            <Slider.Thumb
              aria-label="The log as of"
              getAriaValueText={(_, value) => timeText(value)}
              className="size-12 rounded-full border-2 border-page bg-accent-text has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent-text"
            />
          </Slider.Track>
        </Slider.Control>
      </Slider.Root>
      <span className="figures w-200 shrink-0 text-right font-mono text-mono-small text-1">
        {at === undefined ? 'Live' : timeText(shown)}
      </span>
      <Button
        size="small"
        disabledReason={at === undefined ? 'It is live.' : undefined}
        onClick={() => onChange(undefined)}
      >
        Go live
      </Button>
    </section>
  );
}
