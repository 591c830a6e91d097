import { type ReactNode, useEffect, useRef } from 'react';
import type { StationView } from '../../../../src-shared/views/mesh.ts';
import { cx } from '../../../ui/cx.ts';
import { clock, milliseconds, roughDuration } from '../../../ui/format.ts';
import { useNow } from '../../../ui/now.ts';
import type { PlacedStation } from './layout.ts';
import { linkWidth, PULSE_MS, type Traffic } from './pulses.ts';

export interface LinkProps {
  place: PlacedStation;
  station: StationView;
  traffic: Traffic;
  /** Whether this window hears the hub; without it nothing moves. */
  connected: boolean;
}

/** The line between a station and the hub: moving, idle, late or offline. */
export function LinkLine({ place, station, traffic, connected }: LinkProps): ReactNode {
  const hasTraffic = traffic.pulses.some((pulse) => pulse.station === station.id);
  const isBusy = connected && station.status === 'online' && (station.load.running > 0 || hasTraffic);
  const late = station.status === 'late';
  const offline = station.status === 'offline';
  return (
    <path
      d={place.path}
      fill="none"
      strokeWidth={isBusy ? linkWidth(traffic, station.id) : 1.5}
      strokeDasharray={late ? '5 4' : offline ? '2 4' : undefined}
      className={cx(
        isBusy && 'stroke-run-fill',
        late && 'stroke-late-fill',
        !isBusy && !late && 'stroke-strong',
      )}
    />
  );
}

function words(station: StationView, rtt: number | undefined, now: number): string | undefined {
  switch (station.status) {
    case 'online':
      return rtt === undefined ? undefined : milliseconds(rtt);
    case 'late':
      if (station.last_heard === undefined) return 'Late';
      return `Last heard ${roughDuration(Math.max(0, now - Date.parse(station.last_heard)))} ago`;
    case 'offline':
      return `Offline since ${clock(station.status_since)}`;
  }
}

/** Since when nothing came from a station that is not online. */
export function Silence({ station }: { station: StationView }): ReactNode {
  return words(station, undefined, useNow());
}

/** What a line says: its round trip, or since when nothing came. */
export function LinkLabel(props: {
  place: PlacedStation;
  station: StationView;
  rtt: number | undefined;
}): ReactNode {
  const { place, station, rtt } = props;
  const text = words(station, rtt, useNow());
  if (text === undefined) return null;
  return (
    <span
      className={cx(
        'absolute -translate-x-1/2 -translate-y-1/2 rounded-full border border-hairline bg-page px-7 py-1 text-tiny font-normal whitespace-nowrap',
        station.status === 'late' ? 'text-late' : 'text-3',
      )}
      style={{ left: place.label.x, top: place.label.y }}
    >
      {text}
    </span>
  );
}

/** A message on its way along a line. */
export function PulseDot({ path, toHub }: { path: string; toHub: boolean }): ReactNode {
  const dot = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const ends = toHub ? ['0%', '100%'] : ['100%', '0%'];
    const move = dot.current?.animate(
      { offsetDistance: ends, opacity: [1, 1] },
      { duration: PULSE_MS, easing: 'linear', fill: 'both' },
    );
    return () => move?.cancel();
  }, [toHub]);
  return (
    <span
      ref={dot}
      aria-hidden
      className="absolute top-0 left-0 size-6 rounded-full bg-run-fill opacity-0 ring-3 ring-page"
      style={{ offsetPath: `path("${path}")` }}
    />
  );
}
