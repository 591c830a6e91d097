import { present } from './present.ts';
import { readSize, SIZE_HINT, sizeText, sizeWords } from './sizes.ts';
import { GUEST_BOUNDS, type GuestLimitChange, type GuestLimits } from './views/guest.ts';

/** The name of one limit of a guest lattice. */
export type GuestLimitKey = keyof GuestLimits;

/** How a limit is called, what it counts, and what it means. */
export interface GuestLimitWords {
  title: string;
  counts: 'bytes' | 'pieces';
  meaning: string;
}

/** Every limit, in the order in which people see them. */
export const GUEST_LIMIT_KEYS = ['storage_bytes', 'memory_bytes', 'connections', 'subscriptions'] as const;

/** The limits in words. */
export const GUEST_LIMITS: Readonly<Record<GuestLimitKey, GuestLimitWords>> = {
  storage_bytes: { title: 'Storage', counts: 'bytes', meaning: 'On the disk of this machine.' },
  memory_bytes: { title: 'Memory', counts: 'bytes', meaning: 'In the hub, for who reads its log.' },
  connections: { title: 'Connections', counts: 'pieces', meaning: 'Of all its devices at once.' },
  subscriptions: { title: 'Subscriptions', counts: 'pieces', meaning: 'Of one connection.' },
};

/** What is wrong with a limit, in words; undefined for one that can be. */
export function limitProblem(key: GuestLimitKey, value: number): string | undefined {
  const { min, max } = GUEST_BOUNDS[key];
  if (Number.isSafeInteger(value) && value >= min && value <= max) return undefined;
  return `${GUEST_LIMITS[key].title} can be from ${limitWords(key, min)} to ${limitWords(key, max)}.`;
}

/** A limit as a person types it, such as `1 GiB` or `64`. */
export function limitText(key: GuestLimitKey, value: number): string {
  return GUEST_LIMITS[key].counts === 'bytes' ? sizeText(value) : String(value);
}

/** A limit as a person reads it, such as `1.5 GiB` or `2,048`. */
export function limitWords(key: GuestLimitKey, value: number): string {
  if (GUEST_LIMITS[key].counts === 'bytes') return sizeWords(value);
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Limits as they stand in the fields of a form. */
export type LimitTexts = Readonly<Record<GuestLimitKey, string>>;

/** The texts of a form that shows these limits. */
export function limitTexts(limits: GuestLimits): LimitTexts {
  const { storage_bytes, memory_bytes, connections, subscriptions } = limits;
  return {
    storage_bytes: limitText('storage_bytes', storage_bytes),
    memory_bytes: limitText('memory_bytes', memory_bytes),
    connections: limitText('connections', connections),
    subscriptions: limitText('subscriptions', subscriptions),
  };
}

/** What a form asks for beside `before`, and what is wrong with its fields. */
export function readLimits(
  texts: LimitTexts,
  before: GuestLimits,
): { change: GuestLimitChange; problems: Partial<Record<GuestLimitKey, string>> } {
  const read = GUEST_LIMIT_KEYS.map((key) => {
    const { counts } = GUEST_LIMITS[key];
    const value = counts === 'bytes' ? readSize(texts[key]) : readCount(texts[key]);
    if (value === undefined)
      return { key, problem: counts === 'bytes' ? SIZE_HINT : 'Use a whole number above 0.' };
    return { key, value, problem: limitProblem(key, value) };
  });
  const changed = read.filter(({ key, value, problem }) => problem === undefined && value !== before[key]);
  return {
    change: Object.fromEntries(changed.map(({ key, value }) => [key, value])),
    problems: present(Object.fromEntries(read.map(({ key, problem }) => [key, problem]))),
  };
}

/** Reads a whole number above 0; undefined for anything else. */
export function readCount(text: string): number | undefined {
  return /^[1-9]\d{0,6}$/.test(text.trim()) ? Number(text) : undefined;
}
