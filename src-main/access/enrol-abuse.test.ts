import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createUser } from '@nats-io/nkeys';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readJoinLink } from '../../src-shared/join-link.ts';
import { type Applicant, enrolRequestSchema, proofBytes } from '../../src-shared/protocol/enrol.ts';
import { Access } from './access.ts';
import { codeKey } from './code-key.ts';
import { deviceKey } from './device-key.ts';
import { Roster } from './roster.ts';

let folder: string;
let roster: Roster;
let access: Access;
let now = Date.now();
const hostKey = createUser().getPublicKey();

beforeEach(async () => {
  now = Date.now();
  folder = await mkdtemp(join(tmpdir(), 'lattice-enrol-'));
  roster = await Roster.open(join(folder, 'access.json'), () => now);
  access = new Access({
    roster,
    org: 'team',
    lattice: () => 'Team',
    host: () => ({ key: hostKey, id: 'the-host', name: 'atlas' }),
    pin: 'p'.repeat(43),
    addresses: () => ['10.0.0.1:4222'],
    apply: async () => undefined,
    onRevoked: async () => undefined,
    facts: async () => new Map(),
    addressOf: async () => '10.0.0.9',
    now: () => now,
  });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function applicant(invitation: string, change: Partial<Applicant> = {}): Applicant {
  return {
    invitation,
    key: createUser().getPublicKey(),
    station_id: 'forge',
    name: 'forge',
    version: '1',
    platform: 'Linux x64',
    nonce: 'n'.repeat(22),
    ...change,
  };
}

function signed(link: string, who: Applicant) {
  const { invitation, code } = readJoinLink(link);
  const proof = Buffer.from(codeKey(invitation, code).sign(proofBytes(who))).toString('base64url');
  return { ...who, proof };
}

describe('the host', () => {
  it('lets in who proves the code, once', async () => {
    const link = await access.invite({});
    const { invitation } = readJoinLink(link);
    const first = signed(link, applicant(invitation));
    expect(await access.enrol(first)).toMatchObject({
      kind: 'granted',
      grant: { role: 'station', station_id: 'forge' },
    });
    expect(await access.enrol(first)).toMatchObject({ kind: 'granted' });
    const second = signed(link, applicant(invitation, { station_id: 'other' }));
    expect(await access.enrol(second)).toMatchObject({ kind: 'refused', error: { code: 'conflict' } });
  });

  it('refuses a request of which any byte was changed after it was signed', async () => {
    const link = await access.invite({});
    const request = signed(link, applicant(readJoinLink(link).invitation));
    const other = createUser().getPublicKey();
    const fields = ['key', 'station_id', 'name', 'version', 'platform', 'nonce', 'proof'] as const;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...fields), fc.nat(), async (field, at) => {
        const value = request[field];
        const place = at % value.length;
        const changed =
          field === 'key'
            ? other
            : value.slice(0, place) + (value[place] === 'A' ? 'B' : 'A') + value.slice(place + 1);
        // The last character of a proof holds bits that do not count.
        fc.pre(changed !== value && !(field === 'proof' && place === value.length - 1));
        const answer = await access.enrol({ ...request, [field]: changed });
        expect(answer).toMatchObject({ kind: 'refused', error: { code: 'auth_failed' } });
      }),
    );
    expect(roster.devices).toEqual([]);
  });

  it('does not take the code of one invitation for another, nor a link that is over', async () => {
    const [one, two] = [await access.invite({}), await access.invite({ role: 'admin' })];
    const crossed = {
      ...signed(one, applicant(readJoinLink(one).invitation)),
      invitation: readJoinLink(two).invitation,
    };
    expect(await access.enrol(crossed)).toMatchObject({ error: { code: 'auth_failed' } });
    now += 900_001;
    const late = signed(one, applicant(readJoinLink(one).invitation));
    expect(await access.enrol(late)).toMatchObject({
      error: { code: 'timeout', message: 'This link is too old to be used.' },
    });
    now += 2 * 86_400_000;
    await access.invite({});
    expect(roster.invitations).toHaveLength(1);
    expect(await access.enrol(late)).toMatchObject({ error: { code: 'not_found' } });
  });

  it('gives nobody the station id of another device or of the host', async () => {
    const link = await access.invite({});
    const { invitation } = readJoinLink(link);
    await access.enrol(signed(link, applicant(invitation)));
    for (const station_id of ['forge', 'the-host']) {
      const next = await access.invite({});
      const request = signed(next, applicant(readJoinLink(next).invitation, { station_id }));
      expect(await access.enrol(request)).toMatchObject({ kind: 'refused', error: { code: 'conflict' } });
    }
  });

  it('takes nothing for a request that is none', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(enrolRequestSchema.safeParse(value).success).toBe(false);
      }),
    );
  });

  it('does not let somebody in whom it cannot write down', async () => {
    const link = await access.invite({});
    await rm(folder, { recursive: true });
    await writeFile(folder, 'a file where the folder was');
    const answer = await access.enrol(signed(link, applicant(readJoinLink(link).invitation)));
    expect(answer).toMatchObject({ kind: 'refused', error: { code: 'io_failed' } });
    expect(roster.devices).toEqual([]);
  });

  it('stops instead of forgetting everybody when its file is damaged', async () => {
    const file = join(folder, 'damaged.json');
    for (const text of [
      '',
      '{',
      '[]',
      '{"version":2,"devices":[],"invitations":[]}',
      '{"devices":[{"key":"x"}]}',
    ]) {
      await writeFile(file, text);
      await expect(Roster.open(file)).rejects.toMatchObject({ code: 'io_failed' });
    }
  });
});

describe('the key of a device', () => {
  it('is made once, also by two at once, and a damaged one is told', async () => {
    const file = join(folder, 'keys', 'device.nk');
    const [one, two] = await Promise.all([deviceKey(file), deviceKey(file)]);
    expect(one.publicKey).toBe(two.publicKey);
    await writeFile(file, 'rubbish');
    await expect(deviceKey(file)).rejects.toMatchObject({ code: 'auth_failed' });
  });
});
