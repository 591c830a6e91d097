import type { Settings } from '../../../src-shared/views/settings.ts';

/** Settings that are typed, as text until they are saved. */
export type Draft = Record<DraftKey, string>;
export type DraftKey =
  | 'station_name'
  | 'lattice_name'
  | 'port'
  | 'http_port'
  | 'max_parallel'
  | 'project_dir';
export const DRAFT_KEYS: readonly DraftKey[] = [
  'station_name',
  'lattice_name',
  'port',
  'http_port',
  'max_parallel',
  'project_dir',
];

/** The draft that changes nothing. */
export function draftOf(values: Settings): Draft {
  return {
    station_name: values.station_name,
    lattice_name: values.lattice_name,
    port: String(values.port),
    http_port: String(values.http_port),
    max_parallel: String(values.max_parallel),
    project_dir: values.project_dir,
  };
}

export type DraftErrors = Partial<Record<DraftKey, string>>;

function whole(text: string, least: number, most: number): number | undefined {
  if (!/^\d{1,9}$/.test(text.trim())) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}

/** What a draft changes, and what in it does not fit; nothing may be saved while there are errors. */
export function readDraft(
  draft: Draft,
  values: Settings,
): { changes: Partial<Settings>; errors: DraftErrors } {
  const changes: Partial<Settings> = {};
  const errors: DraftErrors = {};
  for (const key of ['station_name', 'lattice_name'] as const) {
    const name = draft[key].trim();
    if (name === '') errors[key] = 'Type a name.';
    else if (name.length > 200) errors[key] = 'Use at most 200 characters.';
    else if (name !== values[key]) changes[key] = name;
  }
  for (const key of ['port', 'http_port'] as const) {
    const port = whole(draft[key], 0, 65_535);
    if (port === undefined) errors[key] = 'Use 1 to 65535, or 0 for any free port.';
    else if (port !== values[key]) changes[key] = port;
  }
  if (
    errors.http_port === undefined &&
    Number(draft.port) !== 0 &&
    Number(draft.port) === Number(draft.http_port)
  )
    errors.http_port = 'The hub uses this port already. Use another one.';
  const limit = whole(draft.max_parallel, 1, 256);
  if (limit === undefined) errors.max_parallel = 'Use 1 to 256.';
  else if (limit !== values.max_parallel) changes.max_parallel = limit;
  const folder = draft.project_dir.trim();
  if (folder === '') errors.project_dir = 'Choose a folder.';
  else if (folder !== values.project_dir) changes.project_dir = folder;
  return { changes, errors };
}
