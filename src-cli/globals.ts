import { type Command, InvalidArgumentError } from 'commander';
import type { FlagValues } from '../src-main/config/station-config.ts';
import { parseDuration } from '../src-shared/duration.ts';

/** The options that every command knows. */
export interface GlobalOptions {
  json?: boolean;
  nats?: string;
  org?: string;
  config?: string;
}

/** The options of a command together with the global ones. */
export function globalsOf(command: Command): GlobalOptions {
  return command.optsWithGlobals<GlobalOptions>();
}

/** What the global options say as setting flags. */
export function flagsOf(globals: GlobalOptions): FlagValues {
  return {
    ...(globals.nats === undefined ? {} : { nats_url: globals.nats }),
    ...(globals.org === undefined ? {} : { org: globals.org }),
  };
}

/** Reads `5m`, `90s` or `90` into milliseconds for an option. */
export function durationOption(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms < 1) throw new InvalidArgumentError('Use a time such as 90s, 5m or 1h30m.');
  return ms;
}

/** Collects `k=v` pairs; a value that is JSON counts as JSON, anything else as text. */
export function pairOption(text: string, collected: Record<string, unknown> = {}): Record<string, unknown> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Use key=value.');
  return { ...collected, [text.slice(0, at)]: jsonOrText(text.slice(at + 1)) };
}

function jsonOrText(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}
