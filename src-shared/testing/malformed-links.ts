import { type JoinLink, writeJoinLink } from '../join-link.ts';

/** A link as a host makes it. */
export const link: JoinLink = {
  hosts: ['10.20.0.14:4222', '[fd00::2]:4222', 'atlas.local:4222'],
  lattice: 'Forge & friends #1 — 50% off',
  org: 'team',
  invitation: 'a1b2c3d4e5f6a7b8c9d0',
  pin: 'p'.repeat(43),
  code: 'c'.repeat(27),
  role: 'operator',
  expires: '2026-11-21T09:00:00.000Z',
};
/** The same as text. */
export const text = writeJoinLink(link);

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
  'x'.repeat(4_001),
  text + 'x'.repeat(4_000),
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
/** Texts of which none may be taken for a link, from nearly right to hostile. */
export const malformed: readonly string[] = [
  ...wrongStarts,
  ...nested,
  ...bad,
  ...doubled,
  ...missing,
  ...cut,
  ...huge,
  ...broken,
];
