import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { type Document, isCollection, isMap, isScalar, parseDocument, YAMLMap } from 'yaml';
import { z } from 'zod';
import { LatticeError } from '../../src-shared/errors.ts';
import type { Origin } from '../../src-shared/views/settings.ts';
import { processSecrets } from '../secrets/process-secrets.ts';
import { type SettingName, type SettingSpec, type StationConfig, settingTable } from './setting-table.ts';

/** Where one value came from, in words for `lattice config --origin`; `source` is the flag, variable or path. */
export interface SettingOrigin {
  origin: Origin;
  source: string;
}

export interface LoadedConfig {
  values: StationConfig;
  origins: Record<SettingName, SettingOrigin>;
  file: string;
}

/** Values given on the command line, by setting name. */
export type FlagValues = Partial<Record<SettingName, unknown>>;

const MAX_FILE_BYTES = 1_000_000;
const settingNames = Object.keys(settingTable) as SettingName[];

/**
 * Weighs flag, environment, file and default for every setting, in this order.
 * @throws LatticeError `invalid_input` that names the value, where it stands and what fits.
 */
export async function loadStationConfig(options: {
  file: string;
  env: NodeJS.ProcessEnv;
  flags?: FlagValues;
}): Promise<LoadedConfig> {
  const document = await readDocument(options.file);
  const values: Record<string, unknown> = {};
  const origins: Record<string, SettingOrigin> = {};
  for (const name of settingNames) {
    const found = find(settingTable[name], name, options, document);
    values[name] = found.value;
    if ('secret' in settingTable[name]) knowSecrets(found.value);
    origins[name] = { origin: found.origin, source: found.source };
  }
  return {
    values: values as StationConfig,
    origins: origins as Record<SettingName, SettingOrigin>,
    file: options.file,
  };
}

/** Users are a list; of each value only the passwords and tokens are secret. */
function knowSecrets(value: unknown): void {
  if (typeof value === 'string') processSecrets.add(value);
  else if (Array.isArray(value)) for (const { password } of value) knowSecrets(password);
}

/** Writes settings into `config.yaml`; comments, order and unknown keys stay, the file is replaced whole. */
export async function saveSettings(
  file: string,
  change: Partial<Record<SettingName, unknown>>,
): Promise<void> {
  const document = await readDocument(file);
  for (const [name, value] of Object.entries(change)) {
    const { paths } = settingTable[name as SettingName];
    const used = paths.find((path) => document.hasIn(path.split('.')));
    const path = (used ?? paths[0] ?? name).split('.');
    openTheWay(document, path, file);
    document.setIn(path, value);
  }
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFileAtomic(file, document.toString(), { mode: 0o600 });
}

function openTheWay(document: Document, path: string[], file: string): void {
  for (let depth = 0; depth < path.length; depth++) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    if (depth > 0 && isScalar(node) && node.value === null)
      document.setIn(path.slice(0, depth), new YAMLMap(document.schema));
    else if (node !== null && node !== undefined && !isMap(node)) refuse(path, depth, file);
  }
}

function refuse(path: string[], depth: number, file: string): never {
  const what = depth === 0 ? 'The file' : path.slice(0, depth).join('.');
  throw new LatticeError(
    'invalid_input',
    `${what} in ${file} is not a map, so ${path.join('.')} cannot be set there.`,
    {
      hint: 'Correct the file first; nothing was changed.',
    },
  );
}

async function readDocument(file: string): Promise<Document> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new LatticeError('io_failed', `Cannot read ${file}: ${error.message}`, { cause: error });
  });
  if (text.length > MAX_FILE_BYTES) {
    throw new LatticeError(
      'invalid_input',
      `${file} is larger than 1 MB. Station settings need a few lines.`,
    );
  }
  const document = parseDocument(text, { uniqueKeys: true });
  const [first] = document.errors;
  if (first) {
    const at = first.linePos?.[0];
    throw new LatticeError(
      'invalid_input',
      `${file}${at ? `:${at.line}:${at.col}` : ''}: ${first.message.split('\n')[0]}`,
      {
        hint: 'Correct the file, or move it away to start with defaults.',
        cause: first,
      },
    );
  }
  return document;
}

function find(
  spec: SettingSpec<unknown> & { fallback?: () => unknown },
  name: SettingName,
  given: { file: string; env: NodeJS.ProcessEnv; flags?: FlagValues },
  document: Document,
): { value: unknown; origin: Origin; source: string } {
  const flagged = given.flags?.[name];
  if (flagged !== undefined) {
    return { value: check(spec, flagged, `--${name.replaceAll('_', '-')}`), origin: 'flag', source: name };
  }
  for (const variable of spec.env) {
    const raw = given.env[variable];
    if (raw !== undefined && raw !== '') {
      return { value: check(spec, raw, variable), origin: 'environment', source: variable };
    }
  }
  for (const path of spec.paths) {
    const raw = document.getIn(path.split('.'));
    const plain = isCollection(raw) ? raw.toJSON() : raw;
    if (plain !== undefined && plain !== null && plain !== '') {
      return { value: check(spec, plain, `${path} in ${given.file}`), origin: 'file', source: path };
    }
  }
  return { value: spec.fallback?.(), origin: 'default', source: '' };
}

function check(spec: SettingSpec<unknown>, value: unknown, where: string): unknown {
  const parsed = spec.schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const shown = spec.secret ? 'The value' : JSON.stringify(value);
  throw new LatticeError('invalid_input', `${where}: ${shown} does not fit.`, {
    hint: z.prettifyError(parsed.error).replaceAll('✖ ', ''),
    cause: parsed.error,
  });
}
