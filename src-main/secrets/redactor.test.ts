import { createOperator, createUser } from '@nats-io/nkeys';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeCa } from '../access/certificate.ts';
import { RedactingStream } from './redacting-stream.ts';
import { Redactor } from './redactor.ts';

const text = new TextDecoder();
const userSeed = text.decode(createUser().getSeed());

/** Words of logs and errors, and signs around them; none of them is or names a secret. */
const plainText = fc
  .array(
    fc.constantFrom(
      ...[
        'hub',
        'station',
        'Port 4222 is used by postgres (pid 812).',
        'tokens: 4096',
        '"level":30',
        '\n',
        '\t',
      ],
      ...[
        ' ',
        ', ',
        ': ',
        '=',
        '/',
        '#',
        '@',
        '?',
        '&',
        '"',
        "'",
        '\\',
        '{',
        '}',
        'https://nats.io/a?b=c#d',
        '🙂',
      ],
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));
const secret = fc
  .oneof(
    fc.string({ minLength: 4, maxLength: 40 }),
    fc.string({ unit: 'grapheme', minLength: 4, maxLength: 20 }),
  )
  .filter((value) => value.length >= 4);

function knowing(...secrets: string[]): Redactor {
  const redactor = new Redactor();
  for (const each of secrets) redactor.add(each);
  return redactor;
}

describe('a secret that was made known', () => {
  it('is in no output, wherever it stands and however often', () => {
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 3 }),
        fc.array(plainText),
        (secrets, around) => {
          const said = around
            .flatMap((part, index) => [part, secrets[index % secrets.length] ?? ''])
            .join('');
          const output = knowing(...secrets).redact(said);
          for (const each of secrets) expect(output).not.toContain(each);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is in no output of a stream, wherever its pieces are split', () => {
    fc.assert(
      fc.property(
        secret,
        plainText,
        plainText,
        fc.array(fc.nat(200), { maxLength: 6 }),
        (value, before, after, cuts) => {
          fc.pre(!value.includes('\n'));
          const said = `${before}${value}${after}`;
          const stream = new RedactingStream(knowing(value));
          const places = [
            0,
            ...cuts.map((cut) => cut % (said.length + 1)).sort((a, b) => a - b),
            said.length,
          ];
          const pieces = places.slice(1).map((place, index) => said.slice(places[index], place));
          const output = pieces.map((piece) => stream.push(piece)).join('') + stream.end();
          expect(output).not.toContain(value);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is found as JSON, in an address, as hex, and as base64 at any place of a longer text', () => {
    const value = 'pa"ss/wörd +\\9';
    const redactor = knowing(value);
    const base64 = (before: string) => Buffer.from(`${before}${value}:and more`).toString('base64');
    const once = JSON.stringify({ value });
    for (const said of [
      once,
      JSON.stringify({ log: once }),
      `x=${encodeURIComponent(value)}`,
      new URLSearchParams({ value }).toString(),
      Buffer.from(value).toString('hex'),
      ...['', 'u', 'us', 'use', 'user:'].map(base64),
      Buffer.from(`us${value}`).toString('base64url'),
    ])
      expect(redactor.redact(said)).toContain('[redacted]');
  });

  it('is known by its lines when it has several, as a log writes them', () => {
    const { key } = makeCa('Test CA');
    const stream = new RedactingStream(knowing(key));
    const lines = key.split('\n').filter((line) => line.length > 20 && !line.startsWith('---'));
    const output = lines.map((line) => stream.push(`[INF] ${line}\n`)).join('');
    for (const line of lines) expect(output).not.toContain(line);
  });

  it('leaves nothing of a text from which it cannot be taken', () => {
    expect(knowing('long secret', 'a[redacted]b').redact('along secretb')).toBe('***');
  });

  it('is passed over when it is so short that texts would only be garbled', () => {
    expect(knowing('abc', '').redact('abc')).toBe('abc');
  });
});

describe('what looks like a secret', () => {
  const pem = makeCa('Test CA').key;
  const jwt = `eyJ0eXAiOiJKV1QifQ.${'a'.repeat(40)}.${'b'.repeat(40)}`;
  it.each([
    ['an NKey seed of a user', userSeed, userSeed],
    ['an NKey seed of an operator', `seed ${text.decode(createOperator().getSeed())}.`, 'SO'],
    ['a seed in the middle of a word', `x${userSeed}y`, userSeed],
    ['a JWT', `got ${jwt}`, jwt],
    ['a credentials file', `-----BEGIN NATS USER JWT-----\nabc\n------END NATS USER JWT------`, 'abc'],
    ['a private key', `key ${pem}`, pem.split('\n')[1] ?? ''],
    ['a private key in JSON', JSON.stringify({ pem }), pem.split('\n')[1] ?? ''],
    ['a private key that is cut off', pem.slice(0, 80), pem.slice(40, 60)],
    ['a join link', 'open lattice://join#v=1&n=Team&c=abcdefghijklmnopqrstuvwxyz0', 'abcdefghij'],
    ['a join link in an address', 'to=lattice%3A%2F%2Fjoin%23v%3D1%26c%3Dabcdefghijklmnop', 'abcdefghij'],
    ['user and password in an address', 'at nats://anna:hunter2@hub:4222 now', 'hunter2'],
    ['a password with @ in an address', 'tls://anna:hun@ter2@hub:4222', 'ter2'],
    ['a token in an address', 'nats://s3cr3t@hub:4222', 's3cr3t'],
    ['a token in a query', 'GET /v1?access_token=abcd1234&x=1', 'abcd1234'],
    ['a key in a query', 'https://x.test/?key=abcd1234', 'abcd1234'],
    ['a header', 'Authorization: Digest abc, response="x1y2z3"', 'Digest'],
    ['a header in JSON', '{"authorization":"Bearer abc.def"}', 'abc.def'],
    ['a bearer token', 'sent Bearer abcdefghijklmnopqrstuv', 'abcdefghij'],
    ['a cookie', 'Set-Cookie: sid=abcdef', 'abcdef'],
    ['a key of a provider', 'bad key sk-proj-abcdefghijklmnop1234', 'abcdefgh'],
    ['a key of another provider', 'sk-ant-api03-abcdefghijklmnop', 'api03'],
    ['a key of Google', `AIza${'a1'.repeat(17)}b`, 'a1a1'],
    ['a key of AWS', 'AKIAIOSFODNN7EXAMPLE', 'IOSFODNN'],
    ['a token of GitHub', `ghp_${'a1'.repeat(18)}`, 'a1a1'],
    ['a token of Slack', 'xoxb-123456789012-abcdef', 'abcdef'],
    ['a value under a name that says so', 'LATTICE_NATS_TOKEN=abcd-1234', 'abcd-1234'],
    ['a value in JSON', '{"nkeySeed":"abc","hub_password":"two words"}', 'two words'],
    ['a value in JSON in JSON', '{\\"password\\":\\"hunter2\\"}', 'hunter2'],
    ['a value in YAML', "token: 'abcd efgh'", 'efgh'],
    ['a value of a flag', 'nats --password hunter2 sub', 'hunter2'],
  ])('is blotted out: %s', (_what, said, gone) => {
    const output = new Redactor().redact(said);
    expect(output).toContain('[redacted]');
    expect(output).not.toContain(gone);
    expect(new Redactor().redact(output)).toBe(output);
  });

  it('is blotted out of a stream that splits it anywhere', () => {
    const said = `begin\n${makeCa('Test CA').key}end nats://anna:hunter2@hub\n`;
    for (let cut = 0; cut <= said.length; cut += 7) {
      const stream = new RedactingStream(new Redactor());
      const output = stream.push(said.slice(0, cut)) + stream.push(said.slice(cut)) + stream.end();
      expect(output).toBe(new Redactor().redact(said));
    }
  });
});

describe('a text without secrets', () => {
  it('stays as it is, in one piece and in many', () => {
    fc.assert(
      fc.property(fc.array(plainText), (pieces) => {
        const redactor = knowing(userSeed);
        const stream = new RedactingStream(redactor);
        const said = pieces.join('');
        expect(redactor.redact(said)).toBe(said);
        expect(pieces.map((piece) => stream.push(piece)).join('') + stream.end()).toBe(said);
      }),
    );
  });

  it.each([
    'The token of the hub is missing.',
    'token: undefined, password: null, input_tokens: 512, max_tokens=4096',
    `device UDXB${'A'.repeat(52)} joined`,
    '"env": "OPENAI_API_KEY", api_key: $OPENAI_API_KEY, nats_creds_file: /home/anna/team.creds',
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
    'risk-assessment-of-the-whole-project, https://nats.io/docs?page=2#top, lattice://join#…',
  ])('stays as it is: %s', (said) => {
    expect(new Redactor().redact(said)).toBe(said);
  });

  it('is let go a whole line at a time, and a line without an end is not kept for ever', () => {
    const stream = new RedactingStream(new Redactor());
    expect(stream.push('one\ntw')).toBe('one\n');
    expect(stream.push('o\n')).toBe('two\n');
    expect(stream.push('x'.repeat(200_000)).length).toBeGreaterThan(100_000);
  });
});

it('takes the texts of a value, and what stands under the name of a secret', () => {
  const error = { code: 'auth_failed', details: { hub_token: 'abc', list: [`seed ${userSeed}`, 4, null] } };
  expect(new Redactor().redactAll(error)).toEqual({
    code: 'auth_failed',
    details: { hub_token: '[redacted]', list: ['seed [redacted]', 4, null] },
  });
});

describe('speed', () => {
  const mebibyte = 1_048_576;
  const cost = (said: string, redactor: Redactor) => {
    const began = performance.now();
    redactor.redact(said);
    return performance.now() - began;
  };

  it.each([
    ['a', 'aaaaaaaaaa'],
    ['begins of keys', '-----BEGIN PRIVATE KEY-----'],
    ['begins of tokens', 'eyJaaaaaaaaaaa.'],
    ['signs of addresses', '://a@'],
    ['names', 'password="token='],
    ['flags', '--a-token '],
    ['backslashes', 'token\\\\\\"'],
  ])('a hostile text of %s takes time in line with its length', (_what, unit) => {
    const redactor = knowing(userSeed, 'hunter2 and more');
    const said = unit.repeat(Math.ceil(mebibyte / 4 / unit.length));
    cost(said, redactor);
    expect(cost(said, redactor)).toBeLessThan(2_000);
  });
});
