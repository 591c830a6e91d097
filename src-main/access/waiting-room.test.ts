import { createUser } from '@nats-io/nkeys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { enrolRequestSchema } from '../../src-shared/protocol/enrol.ts';
import { keyWords } from './key-words.ts';
import { WaitingRoom } from './waiting-room.ts';

let now = 0;
let room: WaitingRoom;
beforeEach(() => {
  now = Date.parse('2026-01-01T00:00:00Z');
  room = new WaitingRoom({ now: () => now });
});
afterEach(() => room[Symbol.dispose]());

function request(invitation = 'one', change: Record<string, string> = {}) {
  return enrolRequestSchema.parse({
    invitation,
    key: createUser().getPublicKey(),
    station_id: 'forge',
    name: 'forge',
    version: '1',
    platform: 'Linux x64',
    nonce: 'n'.repeat(22),
    proof: 'p'.repeat(86),
    ...change,
  });
}

describe('devices that wait', () => {
  it('are shown with the words of their key until they are answered', () => {
    const forge = request();
    room.ask(forge, 'operator', '10.0.0.7');
    room.ask(forge, 'operator', '10.0.0.7');
    expect(room.devices.snapshot()).toMatchObject([
      { name: 'forge', role: 'operator', address: '10.0.0.7', fingerprint: keyWords(forge.key) },
    ]);
    expect(keyWords(forge.key)).toMatch(/^(\w{5}-){5}\w{5}$/);
    expect(room.take('two', forge.key)).toBe(false);
    expect(room.take('one', forge.key)).toBe(true);
    expect(room.take('one', forge.key)).toBe(false);
    expect(room.devices.size).toBe(0);
  });

  it('go when they stop asking, or when their link is over', () => {
    room.ask(request('one'), 'station');
    now += 14_000;
    const late = request('two');
    room.ask(late, 'station');
    now += 2_000;
    room.forgetGone();
    expect(room.devices.snapshot()).toMatchObject([{ invitation: 'two' }]);
    room.close('two');
    expect(room.devices.size).toBe(0);
  });

  it('are not more on one link than a team can mix up', () => {
    for (let count = 0; count < 20; count++) room.ask(request(), 'station');
    expect(() => room.ask(request(), 'station')).toThrow('Too many devices');
    room.ask(request('two'), 'station');
    expect(room.of('one')).toHaveLength(20);
  });

  it('cannot write words of ours into their name', () => {
    for (const name of ['a\nb', 'a\u001b[2Jb', 'a\u202eb', '', 'x'.repeat(201)])
      expect(() => request('one', { name })).toThrow();
  });
});
