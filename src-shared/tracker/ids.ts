/** The kinds of ids that boards use; `op iss med tok ep` only occur on boards of the hosted version. */
export type IdKind = 'task' | 'ev' | 'art' | 'res' | 'sess' | 'inst' | 'op' | 'iss' | 'med' | 'tok' | 'ep';

const ULID = '[0-9A-HJKMNP-TV-Z]{26}';
const ANY_ID = new RegExp(`^(?:task|ev|art|res|sess|inst|op|iss|med|tok|ep)_${ULID}$`, 'i');
const SHORT_ID = /^([A-Z][A-Z0-9]{0,4}(?:-[A-Z][A-Z0-9]{0,4})?)-(\d+)$/;
const PROJECT_CODE = /^[A-Z]{1,5}$/;

/** True for `<kind>_<ULID>`, in either case. */
export function isId(value: unknown, kind: IdKind): value is string {
  return typeof value === 'string' && value.startsWith(`${kind}_`) && ANY_ID.test(value);
}

/** A short id such as `LAT-42` or `LAT-F-7` in its parts. */
export interface ShortId {
  /** In upper case. */
  readonly text: string;
  readonly prefix: string;
  readonly seq: number;
}

/** Reads a short id in either case; undefined when it is none. */
export function parseShortId(value: string): ShortId | undefined {
  const text = value.trim().toUpperCase();
  const match = SHORT_ID.exec(text);
  const seq = Number(match?.[2]);
  if (match?.[1] === undefined || !Number.isSafeInteger(seq)) return undefined;
  return { text, prefix: match[1], seq };
}

/** True for one to five capital letters, what V1 accepts as a project code. */
export function isProjectCode(value: string): boolean {
  return PROJECT_CODE.test(value);
}

/** What comes before the number of new short ids; undefined for a board without a project code. */
export function shortIdPrefix(config: {
  readonly project_code?: string | null | undefined;
  readonly subproject_code?: string | null | undefined;
}): string | undefined {
  if (!config.project_code) return undefined;
  return config.subproject_code ? `${config.project_code}-${config.subproject_code}` : config.project_code;
}
