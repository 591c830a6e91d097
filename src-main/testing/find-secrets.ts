import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJoinLink } from '../../src-shared/join-link.ts';
import { Redactor } from '../secrets/redactor.ts';
import type { Span } from '../secrets/span.ts';

/** Where the run of the tests keeps the secrets they made; set by the setup of the run. */
export const SECRETS_FILE = 'LATTICE_TEST_SECRETS';
/** In the environment of a program that is not Lattice: what a test gave to it, it may give on. */
export const NOT_OURS = 'LATTICE_TEST_NOT_OURS';
/** Files whose purpose is to hold a secret for their owner: ours, those of a hub, and contexts of the nats command line. */
const HOLDERS =
  /(^|\/)(nats\/context\/[^/]+\.json|device(\.next)?\.nk|guests\/[^/]+\.nk|ca\.key|server\.key|config\.yaml|nats-server\.conf(\.check)?)$/;
const MOST_BYTES = 64 * 1024 * 1024;
/** The key that a run gets for the model gateway; nobody could remember each. */
const RUN_KEY = /(?<![\w-])lattice-[\w-]{43}(?![\w-])/g;

/** Where a secret was found that should not be there. */
export interface Leak {
  place: string;
  /** The text around it, without it. */
  around: string;
}

/** Tells the run of the tests about a secret, which is then searched for at the end of each suite and in all processes. */
export function rememberSecret(secret: string): string {
  const file = process.env[SECRETS_FILE];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(secret)}\n`, { mode: 0o600 });
  return secret;
}

/** Makes a secret that only this run of the tests has. Without a look that would give it away, only who knows it can find it. */
export function makeSecret(prefix = ''): string {
  return rememberSecret(`${prefix}${randomBytes(20).toString('hex')}`);
}

/** Remembers the code of a join link. */
export function rememberLink(link: string): string {
  rememberSecret(readJoinLink(link).code);
  return link;
}

/** What the tests of this run made so far. */
function rememberedSecrets(): string[] {
  const file = process.env[SECRETS_FILE];
  if (file === undefined || !existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line): string => JSON.parse(line));
}

/** Searches a folder for the keys that lie in it, keys of runs and all that was remembered, in every file but those for secrets. */
export function findSecretsIn(folder: string, secrets = rememberedSecrets()): Leak[] {
  const files = filesIn(folder);
  const redactor = new Redactor();
  redactor.addAll(secrets);
  for (const file of files.filter((file) => /\.(nk|key)$/.test(file))) {
    const key = unlessGone(() => readFileSync(file, 'utf8').trim(), '');
    if (key !== '') redactor.add(rememberSecret(key));
  }
  return files
    .filter((file) => !HOLDERS.test(file.replaceAll('\\', '/')))
    .flatMap((file) => {
      if ((lstatSync(file, { throwIfNoEntry: false })?.size ?? 0) > MOST_BYTES)
        return [{ place: file, around: 'It is too large to be searched.' }];
      const text = unlessGone(() => readFileSync(file, 'latin1'), '');
      return [...leaksIn(file, text, redactor), ...runKeysIn(file, text)];
    });
}

/** Searches a text, such as what a process printed. */
export function findSecretsInText(place: string, text: string, secrets = rememberedSecrets()): Leak[] {
  const redactor = new Redactor();
  redactor.addAll(secrets);
  return [...leaksIn(place, text, redactor), ...runKeysIn(place, text)];
}

/**
 * Searches arguments and environment of the processes that `root` did not start, and none of its workers did: what a test
 * gives to a program is what a person gives to it, what that program gives on is ours. Keys of runs are passed over: an
 * agent gets its own in its environment, because its tools read it there.
 */
export function findSecretsInProcesses(root: number, secrets = rememberedSecrets()): Leak[] {
  if (!existsSync('/proc')) return [];
  const redactor = new Redactor();
  redactor.addAll(secrets);
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map(pids.map((pid) => [Number(pid), parentOf(pid)]));
  const isGiven = (pid: number) => {
    const parent = parents.get(pid) ?? 0;
    return [pid, parent, parents.get(parent)].includes(root);
  };
  return pids
    .filter((pid) => !isGiven(Number(pid)))
    .flatMap((pid) => {
      const command = commandOf(pid);
      const environment = read(`/proc/${pid}/environ`);
      // What is about to become another program says neither name nor environment for sure; it is looked at again.
      if (command === '' || command !== commandOf(pid)) return [];
      // What was forked is a copy of the one that did it until it becomes another program.
      if (command === commandOf(parentOf(pid))) return [];
      if (environment.includes(`${NOT_OURS}=`)) return [];
      const leaks = leaksIn(`arguments of process ${pid}`, command, redactor);
      // Chromium gives its helpers the whole environment of the app, which the person gave to the app.
      if (command.includes('--type=')) return leaks;
      return [...leaks, ...leaksIn(`environment of ${command.slice(0, 200)}`, environment, redactor)];
    });
}

function commandOf(pid: string | number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
}

function parentOf(pid: string): number {
  return Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

/** @throws Error that names each place where a secret is. */
export function expectNoLeak(leaks: readonly Leak[]): void {
  if (leaks.length === 0) return;
  throw new Error(
    `Secrets were found:\n${leaks.map(({ place, around }) => `${place}: ${around}`).join('\n')}`,
  );
}

function leaksIn(place: string, text: string, redactor: Redactor): Leak[] {
  return leaksAt(place, text, redactor.findKnown(text));
}

function runKeysIn(place: string, text: string): Leak[] {
  const keys = [...text.matchAll(RUN_KEY)].map(({ 0: key, index }): Span => [index, index + key.length]);
  return leaksAt(place, text, keys);
}

function leaksAt(place: string, text: string, spans: readonly Span[]): Leak[] {
  return spans.map(([start, end]) => ({
    place,
    around: JSON.stringify(
      `${text.slice(Math.max(0, start - 60), start)}[redacted]${text.slice(end, end + 60)}`,
    ),
  }));
}

/** All files below a folder, in which programs may still write. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return unlessGone(() => filesIn(path), []);
    return entry.isFile() ? [path] : [];
  });
}

function unlessGone<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return otherwise;
    throw error;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
