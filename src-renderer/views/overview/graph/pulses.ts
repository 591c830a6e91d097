/** How long a message takes along a link on the screen, in milliseconds. */
export const PULSE_MS = 600;
const MOST_ON_LINK = 8;
const MOST = 30;

/** A message on its way between a station and the hub. */
export interface Pulse {
  id: number;
  station: string;
  toHub: boolean;
}

/** What runs along the links now; what is too much to show makes its link thicker instead. */
export interface Traffic {
  pulses: readonly Pulse[];
  /** Messages on a link that are not drawn, by station. */
  hidden: Readonly<Record<string, number>>;
}

export const NO_TRAFFIC: Traffic = { pulses: [], hidden: {} };

/** Adds a message: at most 8 on a link and 30 in all are drawn. */
export function addPulse(traffic: Traffic, pulse: Pulse): Traffic {
  const onLink = traffic.pulses.filter((other) => other.station === pulse.station).length;
  if (onLink < MOST_ON_LINK && traffic.pulses.length < MOST)
    return { ...traffic, pulses: [...traffic.pulses, pulse] };
  const count = (traffic.hidden[pulse.station] ?? 0) + 1;
  return { ...traffic, hidden: { ...traffic.hidden, [pulse.station]: count } };
}

/** Takes away what was added as `pulse`. */
export function endPulse(traffic: Traffic, pulse: Pulse): Traffic {
  const pulses = traffic.pulses.filter((other) => other.id !== pulse.id);
  if (pulses.length < traffic.pulses.length) return { ...traffic, pulses };
  const { [pulse.station]: count = 0, ...rest } = traffic.hidden;
  return { ...traffic, hidden: count > 1 ? { ...rest, [pulse.station]: count - 1 } : rest };
}

/** Width of a link with traffic in pixels: 2, up to 4 when more runs along it than is drawn. */
export function linkWidth(traffic: Traffic, station: string): number {
  return 2 + Math.min(2, (traffic.hidden[station] ?? 0) / 8);
}
