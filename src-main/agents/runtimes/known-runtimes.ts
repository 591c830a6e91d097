import { claude } from './claude.ts';
import { codex } from './codex.ts';
import { gemini } from './gemini.ts';
import { opencode } from './opencode.ts';
import type { RuntimeSpec } from './runtime-spec.ts';

/** The coding agents that are started without further settings. */
export const KNOWN_RUNTIMES: readonly RuntimeSpec[] = [opencode, claude, codex, gemini];

/** A runtime by the name a definition uses; undefined for a program of one's own. */
export function knownRuntime(name: string): RuntimeSpec | undefined {
  return KNOWN_RUNTIMES.find((runtime) => runtime.name === name);
}
