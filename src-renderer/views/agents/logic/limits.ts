import { INVOKE_TIMEOUT_MS } from '../../../../src-shared/protocol/invoke.ts';
import { duration } from '../../../ui/format.ts';

const MINUTE = 60_000;
const USUAL = [1, 5, 15, 60, 240, 1_440].map((minutes) => minutes * MINUTE);

/** Limits of a run that can be chosen, in milliseconds, with the agent's own among them. */
export function limitChoices(own: number | undefined): number[] {
  return [...new Set(own === undefined ? USUAL : [...USUAL, own])].sort((a, b) => a - b);
}

/** The limit that holds when nobody chose one: the agent's own, at least a second, or the usual one. */
export function usualLimit(own: number | undefined): number {
  return own === undefined ? INVOKE_TIMEOUT_MS : Math.min(Math.max(own, 1_000), 24 * 60 * MINUTE);
}

/** How a limit is said: *Stops after 5 min*. */
export function limitText(ms: number): string {
  return `Stops after ${duration(ms)}`;
}
