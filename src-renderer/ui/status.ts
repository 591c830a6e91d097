/** A tone is one of the six state colours; it never stands without a shape or a word. */
export type Tone = 'good' | 'run' | 'late' | 'ask' | 'fail' | 'calm';

/** Every state that has a glyph, with the word a person says and its tone. */
export const STATUSES = {
  online: { word: 'Online', tone: 'good' },
  late: { word: 'Late', tone: 'late' },
  offline: { word: 'Offline', tone: 'calm' },
  queued: { word: 'Queued', tone: 'calm' },
  running: { word: 'Running', tone: 'run' },
  escalated: { word: 'Asks you', tone: 'ask' },
  failed: { word: 'Failed', tone: 'fail' },
  completed: { word: 'Completed', tone: 'good' },
  cancelled: { word: 'Cancelled', tone: 'calm' },
  expired: { word: 'Expired', tone: 'calm' },
} as const satisfies Record<string, { word: string; tone: Tone }>;

export type Status = keyof typeof STATUSES;

export const TONE_TEXT: Record<Tone, string> = {
  good: 'text-good',
  run: 'text-run',
  late: 'text-late',
  ask: 'text-ask',
  fail: 'text-fail',
  calm: 'text-calm',
};

export const TONE_FILL: Record<Tone, string> = {
  good: 'text-good-fill',
  run: 'text-run-fill',
  late: 'text-late-fill',
  ask: 'text-ask-fill',
  fail: 'text-fail-fill',
  calm: 'text-calm-fill',
};

export const TONE_SUBTLE: Record<Tone, string> = {
  good: 'bg-good-subtle',
  run: 'bg-run-subtle',
  late: 'bg-late-subtle',
  ask: 'bg-ask-subtle',
  fail: 'bg-fail-subtle',
  calm: 'bg-calm-subtle',
};

export const TONE_LINE: Record<Tone, string> = {
  good: 'border-good-line',
  run: 'border-run-line',
  late: 'border-late-line',
  ask: 'border-ask-line',
  fail: 'border-fail-line',
  calm: 'border-calm-line',
};
