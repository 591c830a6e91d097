/** The ways to look at a board. */
export const LOOKS = ['board', 'list', 'timeline', 'graph', 'activity', 'statistics'] as const;
export type Look = (typeof LOOKS)[number];
