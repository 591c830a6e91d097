import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LatticeError } from '../../src-shared/errors.ts';
import { natsContextListSchema } from '../../src-shared/views/nats-context.ts';
import { hubTargetOf } from './hub-target.ts';
import { parseContext } from './nats-context-file.ts';
import { listContexts, readContext, requireSelected } from './nats-contexts.ts';
import { loadStationConfig } from './station-config.ts';

let folder = '';
let env: NodeJS.ProcessEnv = {};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-contexts-'));
  env = { XDG_CONFIG_HOME: folder };
  await mkdir(join(folder, 'nats', 'context'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function write(name: string, content: unknown): Promise<void> {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return writeFile(join(folder, 'nats', 'context', `${name}.json`), text);
}

async function refusal(name: string): Promise<LatticeError> {
  return readContext(name, env).then(
    () => {
      throw new Error(`${name} was taken`);
    },
    (error: unknown) => LatticeError.from(error),
  );
}

describe('contexts of the nats command line', () => {
  it('become an address, a way in and TLS files', async () => {
    await write('team', {
      description: 'Ours',
      url: 'nats://a:4222,nats://b:4222',
      creds: '~/ann.creds',
      ca: '/etc/ca.pem',
      cert: '/etc/ann.pem',
      key: '/etc/ann.key',
      inbox_prefix: '_INBOX_ann',
      jetstream_domain: 'hub',
      tls_first: true,
    });
    expect(await readContext('team', env)).toEqual({
      url: 'nats://a:4222,nats://b:4222',
      auth: { credsFile: join(homedir(), 'ann.creds') },
      tls: { caFile: '/etc/ca.pem', certFile: '/etc/ann.pem', keyFile: '/etc/ann.key', first: true },
      inboxPrefix: '_INBOX_ann',
      domain: 'hub',
    });
  });

  it.each([
    [{ token: 't0p' }, { token: 't0p' }],
    [{ nkey: '/k.nk', token: 't0p' }, { nkeyFile: '/k.nk' }],
    [{ creds: '/c.creds', nkey: '/k.nk' }, { credsFile: '/c.creds' }],
    [
      { user: 'ann', password: 'pw', creds: '/c.creds' },
      { user: 'ann', password: 'pw' },
    ],
    [
      { user_jwt: 'ey', user_seed: 'SU' },
      { userJwt: 'ey', nkeySeed: 'SU' },
    ],
    [{}, {}],
  ])('%j wins as there', async (context, auth) => {
    await write('one', context);
    expect(await readContext('one', env)).toEqual({ url: 'nats://127.0.0.1:4222', auth, tls: {} });
  });

  it('are listed with what each holds, and no secret', async () => {
    await write('b', {
      url: 'nats://ann:s3cret@hub',
      token: 's3cret',
      color_scheme: 'red',
      flavour: 's3cret',
    });
    await write('a', { user: 'ann', password: 's3cret', creds: '/c.creds' });
    await writeFile(join(folder, 'nats', 'context.txt'), 'b\n');
    const list = natsContextListSchema.parse(await listContexts(env));
    expect(list.selected).toBe('b');
    expect(list.contexts.map(({ name, selected, url, auth }) => [name, selected, url, auth])).toEqual([
      ['a', false, 'nats://127.0.0.1:4222', 'user ann'],
      ['b', true, 'nats://hub:4222', 'token'],
    ]);
    expect(list.contexts.flatMap(({ notes }) => notes)).toEqual([
      'creds is not used, because user comes first.',
      'flavour is not known and not used.',
    ]);
    expect(JSON.stringify(list)).not.toContain('s3cret');
    expect(await requireSelected({ ...env, NATS_CONTEXT: 'a' })).toBe('a');
  });

  it('are none in a folder that is not there', async () => {
    const gone = { XDG_CONFIG_HOME: join(folder, 'gone') };
    expect((await listContexts(gone)).contexts).toEqual([]);
    await expect(requireSelected(gone)).rejects.toThrow('No context of the nats command line is selected');
  });

  it.each([
    ['creds in nsc', { creds: 'nsc://Op/Acc/ann' }, 'nsc generate creds --account Acc --name ann'],
    ['an nsc lookup', { nsc: 'nsc://Op/Acc/ann' }, 'nsc generate creds --account Acc --name ann'],
    ['a store of secrets', { creds: 'op://vault/item' }, 'lie in op'],
    ['a proxy', { socks_proxy: 'socks5://x' }, 'socks_proxy is not supported'],
    ['a JetStream prefix', { jetstream_api_prefix: '$JS.EU.API' }, 'jetstream_api_prefix is not supported'],
    ['a prefix that is no subject', { inbox_prefix: 'a b.>' }, 'inbox_prefix is no subject'],
    ['a Windows store', { windows_cert_store: 'user' }, 'windows_cert_store is not supported'],
  ])('say plainly that %s cannot be used', async (_name, context, hint) => {
    await write('odd', context);
    const error = await refusal('odd');
    expect(error.code).toBe('unsupported');
    expect(error.hint).toContain(hint);
    expect((await listContexts(env)).contexts[0]?.problem).toContain(hint);
  });

  it.each([
    ['not JSON', '{ "token": "s3cret", ', 'is not JSON'],
    ['a list', '[1]', 'holds no context'],
    ['nothing', '', 'is not JSON'],
    ['a wrong type', '{"token": 5, "password": "s3cret"}', 'token in'],
    ['a huge file', JSON.stringify({ token: 'x'.repeat(70_000) }), 'larger than 64 KB'],
  ])('refuse %s and repeat no secret', async (_name, text, message) => {
    await write('bad', text);
    const error = await refusal('bad');
    expect(error.message).toContain(message);
    expect(JSON.stringify([error.toShape(), String(error.cause)])).not.toContain('s3cret');
    expect((await listContexts(env)).contexts[0]?.problem).toContain(message);
  });

  it.each(['..', 'a/b', '../../etc/passwd', '', 'a\\b', 'a\0b', 'x'.repeat(300)])(
    '%j is no name',
    async (name) => {
      expect((await refusal(name)).code).toBe('invalid_input');
    },
  );

  it('name a context that is not there, with its file', async () => {
    const error = await refusal('nobody');
    expect(error.code).toBe('not_found');
    expect(error.hint).toContain('nobody.json');
  });

  it('never throw anything else, whatever is in the file', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        try {
          parseContext(text, 'x.json');
        } catch (error) {
          expect(error).toBeInstanceOf(LatticeError);
        }
      }),
    );
  });
});

describe('which hub the settings name', () => {
  const targetOf = async (yaml: string, flags = {}) => {
    const file = join(folder, 'config.yaml');
    await writeFile(file, yaml);
    return hubTargetOf(await loadStationConfig({ file, env: {}, flags }), env);
  };

  it('takes a list of addresses from the file', async () => {
    const target = await targetOf('lattice: { nats: { url: [nats://a, tls://b:4333], inbox_prefix: _ANN } }');
    expect(target).toEqual({ url: 'nats://a,tls://b:4333', auth: {}, tls: {}, inboxPrefix: '_ANN' });
    expect(await targetOf('')).toBeUndefined();
    await expect(targetOf('lattice: { nats: { url: [5] } }')).rejects.toThrow('does not fit');
  });

  it('takes what was said closer at hand', async () => {
    await write('team', { url: 'nats://team' });
    const both = 'lattice: { nats: { url: nats://file, context: team } }';
    expect((await targetOf(both))?.url).toBe('nats://team');
    expect((await targetOf(both, { nats_url: 'nats://flag' }))?.url).toBe('nats://flag');
    expect((await targetOf('lattice: { nats: { url: nats://file } }', { nats_context: 'team' }))?.url).toBe(
      'nats://team',
    );
  });
});
