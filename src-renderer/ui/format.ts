const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time as in `3.1 s`, `41 s`, `1 min 31 s`, `2 h 4 min`, `6 d 4 h`. */
export function duration(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < 9_950) return `${(whole / SECOND).toFixed(1)} s`;
  if (whole < MINUTE) return `${Math.max(10, Math.floor(whole / SECOND))} s`;
  if (whole < HOUR)
    return parts(Math.floor(whole / MINUTE), 'min', Math.floor((whole % MINUTE) / SECOND), 's');
  if (whole < DAY) return parts(Math.floor(whole / HOUR), 'h', Math.floor((whole % HOUR) / MINUTE), 'min');
  return parts(Math.floor(whole / DAY), 'd', Math.floor((whole % DAY) / HOUR), 'h');
}

function parts(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** A length of time in its largest unit: `41 s`, `3 min`, `2 h`, `6 d`. */
export function roughDuration(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < MINUTE) return `${Math.floor(whole / SECOND)} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min`;
  if (whole < DAY) return `${Math.floor(whole / HOUR)} h`;
  return `${Math.floor(whole / DAY)} d`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** The local time of day: `14:11`, with seconds `14:31:52`. */
export function clock(time: string, seconds = false): string {
  const at = new Date(time);
  const minutes = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return seconds ? `${minutes}:${two(at.getSeconds())}` : minutes;
}

/** A past time as a person says it: `14:11` within the day, else `3 Nov 14:11`. */
export function moment(time: string, now: number): string {
  const at = new Date(time);
  if (at.toDateString() === new Date(now).toDateString()) return clock(time);
  const month = at.toLocaleString('en', { month: 'short' });
  return `${at.getDate()} ${month} ${clock(time)}`;
}

/** The exact time in UTC to the millisecond: `2026-11-21 14:29:02.118 UTC`. */
export function exact(time: string): string {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? time : `${at.toISOString().slice(0, -1).replace('T', ' ')} UTC`;
}

/** A count with thousands parted: `1,208`. The first use of a locale takes 11 ms of a start, so there is none. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A count in little room: `18`, `1.4 K`, `61.7 K`, `1.2 M`. */
export function shortCount(value: number): string {
  if (value < 1_000) return String(Math.round(value));
  if (value < 999_950) return `${(value / 1_000).toFixed(1)} K`;
  return `${(value / 1_000_000).toFixed(1)} M`;
}

/** A number of bytes: `0 B`, `6.1 KiB`, `388 MiB`, `1.2 GiB`. */
export function bytes(value: number): string {
  const { amount, unit } = bytesParts(value);
  return `${amount} ${unit}`;
}

/** The same with the unit apart, so that it can be weaker. */
export function bytesParts(value: number): { amount: string; unit: string } {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let rest = Math.max(0, value);
  let step = 0;
  while (rest >= 999.5 && step < units.length - 1) {
    rest /= 1_024;
    step += 1;
  }
  const amount = step === 0 || rest >= 99.95 ? String(Math.round(rest)) : rest.toFixed(1);
  return { amount, unit: units[step] ?? 'B' };
}

/** A share of 0 to 1: `72%`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** A round trip: `< 0.1 ms`, `0.4 ms`, `84 ms`. */
export function milliseconds(value: number): string {
  if (value < 0.1) return '< 0.1 ms';
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}

/** One or many of something: `1 station`, `3 stations`. */
export function plural(amount: number, one: string, many = `${one}s`): string {
  return `${count(amount)} ${amount === 1 ? one : many}`;
}
