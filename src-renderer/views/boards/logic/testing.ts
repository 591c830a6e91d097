import type { Card } from '../../../../src-shared/views/board.ts';

/** A card for tests; `more` replaces what matters. */
export function testCard(more: Partial<Card> = {}): Card {
  return {
    id: 'task_1',
    short_id: 'LAT-1',
    title: 'A task',
    status: 'planned',
    priority: 'medium',
    type: 'task',
    tags: [],
    created_at: '2026-11-01T10:00:00Z',
    updated_at: '2026-11-01T10:00:00Z',
    since: '2026-11-01T10:00:00Z',
    comments: 0,
    reopened: 0,
    relations: 0,
    branches: 0,
    waits_for: [],
    archived: false,
    ...more,
  };
}
