import { describe, expect, it } from 'vitest';
import { type Member, standingAt, standingNow } from './members.ts';

const at = (minute: number) => `2026-11-21T10:${String(minute).padStart(2, '0')}:00.000Z`;
const ms = (minute: number) => Date.parse(at(minute));
const OLD = `U${'A'.repeat(55)}`;
const NEW = `U${'B'.repeat(55)}`;
const member: Member = {
  id: 'forge',
  name: 'Forge',
  roles: [
    { role: 'station', from: at(0) },
    { role: 'viewer', from: at(30) },
  ],
  keys: [
    { key: OLD, from: at(0), until: at(10) },
    { key: NEW, from: at(10) },
  ],
};

describe('a member', () => {
  it('counts in the log with the key and the role it had then', () => {
    expect(standingAt(member, ms(5))).toMatchObject({ sender: { role: 'station' }, keys: [OLD] });
    expect(standingAt(member, ms(10))?.keys).toEqual([NEW]);
    expect(standingAt(member, ms(40))?.sender.role).toBe('viewer');
    expect(standingAt(member, ms(0) - 1)).toBeUndefined();
  });

  it('is out from the moment its access was taken back, and not before', () => {
    const revoked = { ...member, revoked_at: at(20) };
    expect(standingAt(revoked, ms(19))?.sender.id).toBe('forge');
    expect(standingAt(revoked, ms(20))).toBeUndefined();
    expect(standingNow(revoked, ms(50))).toBeUndefined();
  });

  it('counts now with its last role, its present key, and a former one until its time', () => {
    expect(standingNow(member, ms(9))).toMatchObject({ sender: { role: 'viewer' }, keys: [OLD, NEW] });
    expect(standingNow(member, ms(11))?.keys).toEqual([NEW]);
  });
});
