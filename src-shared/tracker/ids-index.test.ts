import { describe, expect, it } from 'vitest';
import { isId, parseShortId, shortIdPrefix } from './ids.ts';
import { allocateShortId, deriveIdsIndex, EMPTY_IDS, readIdsIndex } from './ids-index.ts';
import { planShortId } from './operations/short-id.ts';
import { newTask, testContexts, written } from './testing.ts';

describe('short ids', () => {
  it('are read in either case and with both prefixes', () => {
    expect(parseShortId(' lat-42 ')).toEqual({ text: 'LAT-42', prefix: 'LAT', seq: 42 });
    expect(parseShortId('LAT-F-7')).toEqual({ text: 'LAT-F-7', prefix: 'LAT-F', seq: 7 });
    for (const wrong of ['', '42', 'LAT', 'LAT-', 'TOOLONG-1', 'LAT-1-2', '1AT-2', `LAT-${'9'.repeat(20)}`]) {
      expect(parseShortId(wrong)).toBeUndefined();
    }
    expect(shortIdPrefix({ project_code: 'LAT', subproject_code: 'F' })).toBe('LAT-F');
    expect(shortIdPrefix({ subproject_code: 'F' })).toBeUndefined();
  });

  it('are one of the kinds of ids', () => {
    expect(isId('task_01m7xzzzzzzzzzzzzzzzzzzzzz', 'task')).toBe(true);
    expect(isId('task_01M7XZZZZZZZZZZZZZZZZZZZZZ', 'ev')).toBe(false);
    expect(isId('task_01M7XZZZZZZZZZZZZZZZZZZZZU', 'task')).toBe(false);
    expect(isId(7, 'task')).toBe(false);
  });

  it('count on above every number of the logs, whatever the index says', () => {
    const context = testContexts();
    const first = newTask(context(), { shortId: 'LAT-3' });
    const renamed = written(first.events, planShortId(first, { shortId: 'NEW-1' }, context()));
    const second = newTask(context(), { shortId: 'LAT-3' });
    const lost = { ...EMPTY_IDS, next_seqs: { LAT: 2, OLD: 9 } };
    const index = deriveIdsIndex([...renamed.events, ...second.events], lost);
    expect(index).toEqual({
      schema_version: 2,
      map: { 'LAT-3': first.task.id, 'NEW-1': first.task.id },
      next_seqs: { LAT: 4, OLD: 9, NEW: 2 },
    });
  });

  it('are not given twice, even when the next number is taken', () => {
    const index = { ...EMPTY_IDS, map: { 'LAT-1': 'task_a', 'LAT-2': 'task_b' } };
    const next = allocateShortId(index, 'LAT', 'task_c');
    expect(next.shortId).toBe('LAT-3');
    expect(next.index.next_seqs).toEqual({ LAT: 4 });
  });

  it('are read from the first version of the index too', () => {
    const text = '{"schema_version":1,"map":{"LAT-1":"task_a"},"next_seq":2}';
    expect(readIdsIndex(text, 'LAT').next_seqs).toEqual({ LAT: 2 });
    expect(readIdsIndex(text, undefined).next_seqs).toEqual({});
  });
});
