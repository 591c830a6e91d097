import { describe, expect, test } from 'vitest';
import { connectionsOf, milliseconds, sampleOf, streamsOf } from './metrics.ts';
import { connzSchema, jszSchema, type Varz, varzSchema } from './monitor-client.ts';

const varz = (figures: Partial<Varz>): Varz =>
  varzSchema.parse({ server_name: 'hub', version: '2.14.5', ...figures });

describe('a sample', () => {
  test('has rates per second between two looks', () => {
    const sample = sampleOf(
      { at: 3_000, varz: varz({ in_msgs: 60, out_msgs: 10, in_bytes: 500, out_bytes: 500 }) },
      { at: 1_000, varz: varz({ in_msgs: 20, out_msgs: 10 }) },
    );
    expect(sample).toMatchObject({ in_msgs: 20, out_msgs: 0, bytes: 500 });
  });

  test('has no rate at first, after a restart of the hub, or when the clock stands', () => {
    const now = { at: 2_000, varz: varz({ in_msgs: 5 }) };
    expect(sampleOf(now, undefined).in_msgs).toBe(0);
    expect(sampleOf(now, { at: 1_000, varz: varz({ in_msgs: 900 }) }).in_msgs).toBe(0);
    expect(sampleOf(now, { at: 2_000, varz: varz({}) }).in_msgs).toBe(0);
  });
});

test('a connection with much waiting is slow, and only a whole station name is a station', () => {
  const connz = connzSchema.parse({
    connections: [
      { cid: 1, name: 'station-a b', pending_bytes: 2_000_000, rtt: '1.5ms' },
      { cid: 2, name: 'station-ok', rtt: 'soon' },
      { cid: 3, account: 'LATTICE' },
      { cid: 4, name: 'station-ok', account: 'LATTICE_design' },
    ],
  });
  expect(connectionsOf(connz)).toMatchObject([
    { kind: 'other', slow: true, rtt_ms: 1.5 },
    { kind: 'station', station_id: 'ok', slow: false },
    { kind: 'other', name: '' },
    { kind: 'station', station_id: 'ok', guest: 'design' },
  ]);
  expect(connectionsOf(connz)[1]).not.toHaveProperty('rtt_ms');
  expect(connectionsOf(connz)[2]).not.toHaveProperty('guest');
});

test('empty answers of the monitor make empty lists', () => {
  expect(connectionsOf(connzSchema.parse({ connections: null }))).toEqual([]);
  expect(streamsOf(jszSchema.parse({}))).toEqual([]);
  expect(streamsOf(jszSchema.parse({ account_details: [{ stream_detail: null }] }))).toEqual([]);
});

test.each([
  ['1h2m3.5s', 3_723_500],
  ['328µs', 0.328],
  ['5ms', 5],
  ['10ns', 0.00001],
  ['', undefined],
  ['5 ms', undefined],
  ['ms', undefined],
])('%j is %j milliseconds', (text, expected) => {
  const value = milliseconds(text);
  if (expected === undefined) expect(value).toBeUndefined();
  else expect(value).toBeCloseTo(expected, 6);
});
