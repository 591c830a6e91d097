import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatticeError } from './errors.ts';
import { isJoinLink, type JoinLink, readJoinLink, writeJoinLink } from './join-link.ts';
import { roleSchema } from './protocol/roles.ts';

const link: JoinLink = {
  hosts: ['10.20.0.14:4222', '[fd00::2]:4222', 'atlas.local:4222'],
  lattice: 'Forge & friends #1 — 50% off',
  org: 'team',
  invitation: 'a1b2c3d4e5f6a7b8c9d0',
  pin: 'p'.repeat(43),
  code: 'c'.repeat(27),
  role: 'operator',
  expires: '2026-11-21T09:00:00.000Z',
};
const text = writeJoinLink(link);

/** The refusal of a text; anything but a LatticeError fails the test. */
function refusal(typed: string): LatticeError | undefined {
  try {
    readJoinLink(typed);
    return undefined;
  } catch (error) {
    if (error instanceof LatticeError) return error;
    throw error;
  }
}

function withField(key: string, value: string): string {
  const fields = new URLSearchParams(text.slice('lattice://join#'.length));
  fields.set(key, value);
  return `lattice://join#${fields.toString()}`;
}

const without = (key: string) => text.replace(new RegExp(`(#|&)${key}=[^&]*`), '$1x=y');

const schemes = ['https', 'http', 'nats', 'tls', 'file', 'javascript', 'data', 'latticex', 'lattice-evil'];
const wrongStarts = [
  ...schemes.map((scheme) => text.replace('lattice', scheme)),
  text.replace('join#', 'join?'),
  text.replace('join#', 'leave#'),
  text.replace('join#', 'join/../admin#'),
  text.replace('join#', 'join@evil.example#'),
  text.replace('//join', '//evil.example/join'),
  text.replace('lattice://', 'lattice:'),
  text.replace('lattice://', 'LATTICE://'),
  `x${text}`,
  `https://evil.example/${text}`,
];
const nested = [
  encodeURIComponent(text),
  encodeURIComponent(encodeURIComponent(text)),
  `lattice://join#${encodeURIComponent(text)}`,
  `lattice://join#${encodeURIComponent(text.slice('lattice://join#'.length))}`,
  `lattice://join#${Buffer.from(text).toString('base64url')}`,
  `lattice://join#${JSON.stringify(link)}`,
  withField('h', encodeURIComponent('10.0.0.1:4222')),
  withField('c', encodeURIComponent(`${'c'.repeat(26)}/`)),
  withField('o', 'team%252e%252e'),
];
const badValues: Readonly<Record<string, readonly string[]>> = {
  v: ['', '0', '2', '1.0', ' 1', '01', 'one'],
  n: ['', 'x'.repeat(201), 'a\u0000b', 'a\nb', '\u001b[31mred'],
  r: ['', 'root', 'Admin', 'station,admin', 'owner', 'ADMIN ', '__proto__', 'constructor'],
  h: [
    '',
    'forge',
    'forge:',
    'forge:0',
    'forge:65536',
    'forge:999999',
    'forge:-1',
    ':4222',
    'a b:4222',
    'user@forge:4222',
    'nats://forge:4222',
    'forge:4222/path',
    'forge:4222?x',
    'forge:4222,',
    ',forge:4222',
    '[::1:4222',
    '[zz::1]:4222',
    '$(id):4222',
    '`id`:4222',
    '../etc:4222',
    'forge:42 22',
    '<b>:4222',
    new Array(17).fill('forge:4222').join(','),
  ],
  o: ['', '*', '>', 'a.b', 'a b', '$SYS', 'x'.repeat(65), 'é', '../..'],
  i: ['', '*', '>', 'a.b', 'x'.repeat(65), '_INBOX.>', 'a/b'],
  p: ['', 'p'.repeat(42), 'p'.repeat(44), `${'p'.repeat(42)}=`, `${'p'.repeat(42)}+`, `${'p'.repeat(42)} `],
  c: ['', 'c'.repeat(26), 'c'.repeat(28), `${'c'.repeat(26)}=`, `${'c'.repeat(26)}/`, '0', 'null'],
  e: [
    '',
    '0',
    '-1',
    '1e9',
    '1.5',
    '99999999999999999999',
    'NaN',
    'tomorrow',
    '2026-11-21T09:00:00Z',
    '0x5f5e100',
  ],
};
const bad = Object.entries(badValues).flatMap(([key, values]) =>
  values.map((value) => withField(key, value)),
);
const doubled = [...'vnrhoipce'].map((key) => `${text}&${key}=1`);
const missing = [...'vnrhoipce'].map(without);
const cut = Array.from({ length: 80 }, (_, at) => text.slice(0, Math.floor((text.length * at) / 80)));
const huge = [
  'x'.repeat(2_001),
  text + 'x'.repeat(2_000),
  `lattice://join#${'&n=a'.repeat(100_000)}`,
  '['.repeat(50_000),
];
const broken = [
  `${text}\n${text}`,
  `${text} ${text}`,
  text.replace('&', '\t&'),
  '',
  ' ',
  '#',
  'lattice://join#',
];
const malformed = [...wrongStarts, ...nested, ...bad, ...doubled, ...missing, ...cut, ...huge, ...broken];

describe('a join link', () => {
  it('says what it was made of, also with spaces and a newline around it', () => {
    expect(readJoinLink(text)).toEqual(link);
    expect(readJoinLink(`  ${text}\n`)).toEqual(link);
    expect(text.length).toBeLessThan(500);
  });

  it('survives any name, host and time', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }).filter((name) => !/\p{Cc}/u.test(name)),
        fc.constantFrom(...roleSchema.options),
        fc.integer({ min: 1_500_000_000, max: 4_000_000_000 }),
        (lattice, role, seconds) => {
          const one = { ...link, lattice, role, expires: new Date(seconds * 1_000).toISOString() };
          const written = writeJoinLink(one);
          if (written.length <= 2_000) expect(readJoinLink(written)).toEqual(one);
        },
      ),
    );
  });

  it('is refused with clear words in more than 200 malformed shapes, none of which is repeated', () => {
    expect(malformed.length).toBeGreaterThanOrEqual(200);
    for (const typed of malformed) {
      const error = refusal(typed);
      expect(error?.code, typed.slice(0, 200)).toMatch(/^(invalid_input|unsupported)$/);
      expect(error?.message, typed.slice(0, 200)).toMatch(
        /^This join link (cannot be used: it|is of a newer version)/,
      );
      expect(`${error?.message} ${error?.hint}`).not.toContain(link.code);
    }
  });

  it('never throws anything else, whatever is typed', () => {
    const fragments = fc.constantFrom(
      'lattice://join#',
      'v=1',
      '&',
      'h=',
      '%',
      '%00',
      '%zz',
      text,
      '#',
      '\u202e',
      '=',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(fragments, fc.string()), { maxLength: 12 }), (parts) => {
        refusal(parts.join(''));
        isJoinLink(parts.join(''));
      }),
      { numRuns: 500 },
    );
  });

  it('is told from an address', () => {
    expect(isJoinLink(text)).toBe(true);
    expect(isJoinLink('LATTICE://join')).toBe(true);
    expect(isJoinLink('nats://forge:4222')).toBe(false);
  });
});
