import { expect, it } from 'vitest';
import { workDraftSchema, workEditsSchema } from './work-detail.ts';

it('leaves what an edit does not name as it was, where a new order has defaults', () => {
  expect(workEditsSchema.parse({ task: 'Again' })).toEqual({ task: 'Again' });
  expect(workDraftSchema.parse({ task: 'New' })).toMatchObject({ priority: 3, max_attempts: 3, labels: [] });
  expect(workEditsSchema.safeParse({ priority: 9 }).success).toBe(false);
});
