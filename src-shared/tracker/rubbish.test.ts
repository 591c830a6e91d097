import { describe, expect, it } from 'vitest';
import { readArtifactMeta } from './artifact.ts';
import { readConfig } from './config.ts';
import { readTaskEvent } from './event.ts';
import { filterPredicate, searchable } from './filter.ts';
import { readIdsIndex } from './ids-index.ts';
import { type JsonValue, parseJson } from './json.ts';
import { planComment } from './operations/comment.ts';
import { planCreate } from './operations/create.ts';
import { planUpdate } from './operations/update.ts';
import { applyEvent, replayTask } from './replay.ts';
import { serialiseDocument, serialiseLine } from './serialise.ts';
import { readSession, readSessionIndex } from './session.ts';
import { accepted, CONFIG, newTask, readLog, refusalCode, testContexts } from './testing.ts';

const CREATED = {
  schema_version: 1,
  id: 'ev_1',
  ts: '2026-11-21T08:00:00Z',
  type: 'task_created',
  task_id: 'task_1',
  actor: 'human:ann',
  data: { title: 'T', status: 'backlog', type: 'task', priority: 'medium' },
};

function event(change: object): JsonValue {
  return { ...CREATED, ...change } as unknown as JsonValue;
}

describe('lines of a log', () => {
  it.each<[string, JsonValue]>([
    ['a list', []],
    ['a number', 3],
    ['null', null],
    ['no id', event({ id: undefined })],
    ['an empty actor', event({ actor: '' })],
    ['an actor that is a list', event({ actor: ['human:ann'] })],
    ['data that is a list', event({ data: [] })],
    ['a task without an id', event({ task_id: undefined })],
    ['a title that is a number', event({ data: { ...CREATED.data, title: 7 } })],
    ['a status that is an object', event({ data: { ...CREATED.data, status: {} } })],
    ['tags that are a word', event({ data: { ...CREATED.data, tags: 'hub' } })],
    ['a move to nowhere', event({ type: 'status_changed', data: { from: 'backlog' } })],
    ['a title made a list', event({ type: 'field_updated', data: { field: 'title', from: 'T', to: ['a'] } })],
    ['a comment without text', event({ type: 'comment_added', data: {} })],
  ])('with %s are refused with words', (_, value) => {
    const reading = readTaskEvent(value);
    expect(reading.ok).toBe(false);
    expect(reading.ok ? '' : reading.problem).toMatch(/^The (event|line)/);
  });

  it('keep what nobody knows', () => {
    const line = serialiseLine({
      ...CREATED,
      origin: { op: 'task.create' },
      data: { ...CREATED.data, metrics: { tokens: 3 } },
    });
    const log = line + serialiseLine({ ...CREATED, id: 'ev_2', type: 'made_up_later', data: { a: [1] } });
    const events = readLog(log);
    expect(events.map(serialiseLine).join('')).toBe(log);
    expect(replayTask(events)).toMatchObject({ problems: [], task: { title: 'T', last_event_id: 'ev_2' } });
  });

  it('that break the order are named and do no harm', () => {
    const [created] = readLog(serialiseLine(CREATED));
    if (created === undefined) throw new Error('no event');
    const field = { ...created, id: 'ev_3', type: 'field_updated', data: { field: 'status', to: 'done' } };
    const replay = replayTask([field, created, created, field]);
    expect(replay.task?.status).toBe('backlog');
    expect(replay.problems.map((problem) => problem.event_id)).toEqual(['ev_3', 'ev_1', 'ev_3']);
  });

  it('with keys of the prototype stay plain data', () => {
    const text = `{"__proto__":{"polluted":true},"constructor":1,"toString":"x"}`;
    const data = `{"field":"custom_fields.__proto__","from":null,"to":{"polluted":1}}`;
    const created = serialiseLine(CREATED).replace('"data":{', `"data":{"custom_fields":${text},`);
    const changed = serialiseLine({ ...CREATED, id: 'ev_2', type: 'field_updated' }).replace(
      /"data":\{[^}]*\}/,
      `"data":${data}`,
    );
    const { task } = replayTask(readLog(created + changed));
    if (task === undefined) throw new Error('no task');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(task.custom_fields)).toBe(Object.prototype);
    expect(serialiseDocument(task)).toContain('"__proto__": {\n      "polluted": 1\n    }');
  });

  it('with lone surrogates, HTML and control characters keep their bytes', () => {
    const title = '\ud83d<img src=x onerror=alert(1)>\u0000\u007f\u2028"\\';
    const line = serialiseLine({ ...CREATED, data: { ...CREATED.data, title } });
    expect(line).toContain(String.raw`"\ud83d<img src=x onerror=alert(1)>\u0000\u007f\u2028\"\\"`);
    expect(readLog(line).map(serialiseLine).join('')).toBe(line);
  });

  it('with titles of 1 MB are read, found and written again', () => {
    const title = `${'<b>é</b>'.repeat(125_000)} needle`;
    const line = serialiseLine({ ...CREATED, data: { ...CREATED.data, title } });
    const { task, archived } = replayTask(readLog(line));
    if (task === undefined) throw new Error('no task');
    const found = searchable({ task, archived, events: readLog(line) });
    expect(filterPredicate({ text: 'NEEDLE' })(found)).toBe(true);
    expect(parseJson(serialiseDocument(task))).toMatchObject({ title });
  });

  it('keep the form of numbers', () => {
    const line = serialiseLine(CREATED).replace(
      '"data":{',
      '"data":{"a":[1.0,1e+16,12345678901234567890,NaN,2.5],',
    );
    expect(readLog(line).map(serialiseLine).join('')).toBe(line);
  });
});

describe('files', () => {
  it.each(['', '{', '[1,]', '{"a":1.}', '{"a":01.5}', '"\\x" ', '1.0 2', '{"a" 1.0}', '[[[['])(
    'that are no JSON are refused: %j',
    (text) => {
      expect(() => parseJson(text)).toThrow(/not JSON/);
    },
  );

  it('that nest too deep are refused', () => {
    expect(() => parseJson(`${'['.repeat(5_000)}1.0${']'.repeat(5_000)}`)).toThrow(/200 levels/);
    expect(() => parseJson(`${'['.repeat(5_000)}1${']'.repeat(5_000)}`)).toThrow(/200 levels/);
    expect(() => parseJson(`${'['.repeat(150)}1${']'.repeat(150)}`)).not.toThrow();
  });

  it('of the wrong shape are refused, and the config says where', () => {
    expect(() => readIdsIndex('{"map":{"LAT-1":3}}', 'LAT')).toThrow(/ids.json/);
    expect(() => readIdsIndex('[]', 'LAT')).toThrow(/damaged/);
    expect(() => readConfig('{}')).toThrow(/schema_version/);
    const wrong = { ...CONFIG, workflow: { ...CONFIG.workflow, transitions: { backlog: 'done' } } };
    expect(() => readConfig(JSON.stringify(wrong))).toThrow(/workflow\.transitions\.backlog/);
    expect(readArtifactMeta('[]')).toBeUndefined();
    expect(readSession('{"name":""}')).toBeUndefined();
    expect(readSessionIndex('{"serial_counters":{"Argus":-1}}')).toBeUndefined();
  });
});

describe('input', () => {
  const context = testContexts();
  const state = newTask(context());

  it.each<[string, JsonValue]>([
    ['title', ''],
    ['title', '   '],
    ['title', 'x'.repeat(1_001)],
    ['title', 7],
    ['description', { html: true }],
    ['description', 'x'.repeat(1_000_001)],
    ['priority', 'urgent'],
    ['priority', null],
    ['urgency', '__proto__'],
    ['type', 'epic'],
    ['tags', [1]],
    ['status', 'done'],
    ['id', 'task_2'],
    ['__proto__', 'x'],
    ['custom_fields.', 'x'],
    ['custom_fields', {}],
  ])('for the field %s is refused with words and a code', (field, value) => {
    const plan = planUpdate(state, { fields: Object.fromEntries([[field, value]]) }, context());
    expect(plan).toMatchObject({ ok: false, code: 'VALIDATION_ERROR' });
  });

  it('of actors is checked before anything is written', () => {
    for (const actor of ['', 'ann', 'system:init', 'human:', ':ann', 'HUMAN:ann', 'human: ']) {
      expect(refusalCode(planComment(state, { body: 'x' }, context(actor)))).toBe('INVALID_ACTOR');
      expect(refusalCode(planCreate(undefined, { title: 'x', assignedTo: actor }, context()))).toBe(
        'INVALID_ACTOR',
      );
    }
    const session = { name: 'Argus-1', base_name: 'Argus', serial: 1, session: 'sess_1', model: 'm' };
    expect(accepted(planComment(state, { body: 'x' }, context(session))).events[0]?.actor).toBe(session);
    expect(applyEvent(undefined, { ...CREATED, actor: session })).toMatchObject({ created_by: session });
  });
});
