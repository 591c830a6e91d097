import { afterAll, beforeAll, expect, it } from 'vitest';
import { BuiltCli } from './testing/built-cli.ts';

interface Data {
  lattices: { org: string; name: string; devices: number; limits: Record<string, number> }[];
  link: string;
  role: string;
  org: string;
  kept: string[];
  devices: { name: string; id: string }[];
  stations: { name: string }[];
}

let built: BuiltCli;

beforeAll(async () => {
  built = await BuiltCli.build();
}, 60_000);

afterAll(() => built[Symbol.asyncDispose](), 30_000);

const json = (home: string, ...args: string[]) => built.json<Data>(args, { home });
const stay = async (home: string, ...args: string[]) => (await built.stay<Data>(args, { home })).ready;

it('a host adds a lattice, invites into it, sees its devices, and removes it, with commands alone', {
  timeout: 60_000,
}, async () => {
  await stay('host', 'serve', '--orchestration', '--share', '--port', '0', '--http-port', '0');
  expect((await json('host', 'hub')).data.lattices).toEqual([]);
  const added = await json('host', 'hub', 'add', 'design', '--name', 'Design team', '--storage', '256m');
  expect(added.data.lattices).toMatchObject([
    { org: 'design', name: 'Design team', limits: { storage_bytes: 256 * 1024 ** 2, connections: 64 } },
  ]);
  const { link } = (await json('host', 'invite', '--lattice', 'design')).data;
  expect(await stay('laptop', 'join', link, '--name', 'laptop')).toMatchObject({
    org: 'design',
    role: 'station',
  });
  const [device] = (await json('host', 'devices', '--lattice', 'design')).data.devices;
  expect(device?.name).toBe('laptop');
  expect((await json('host', 'devices')).data.devices).toEqual([]);
  const stations = (await json('laptop', 'stations')).data.stations.map(({ name }) => name);
  expect(stations).toContain('laptop');
  expect((await json('host', 'stations')).data.stations).toHaveLength(1);
  expect((await json('laptop', 'hub')).error).toMatchObject({ code: 'auth_failed' });
  const limited = await json('host', 'hub', 'limit', 'design', '--connections', '9');
  expect(limited.data.lattices[0]?.limits).toMatchObject({ connections: 9 });
  const refused: [string[], string][] = [
    [['hub', 'add', 'design'], 'conflict'],
    [['hub', 'add', 'two words'], 'invalid_input'],
    [['hub', 'add', 'tiny', '--storage', '1k'], 'invalid_input'],
    [['hub', 'add', 'huge', '--storage', '900t'], 'too_large'],
    [['hub', 'limit', 'design', '--memory', '1000g'], 'too_large'],
    [['hub', 'limit', 'design'], 'invalid_input'],
    [['hub', 'limit', 'nobody', '--connections', '2'], 'not_found'],
    [['hub', 'remove', 'design'], 'invalid_input'],
    [['hub', 'remove', 'design', '--confirm', 'desing'], 'invalid_input'],
    [['invite', '--lattice', 'nobody'], 'not_found'],
    [['devices', '--lattice', '../..'], 'invalid_input'],
  ];
  for (const [args, code] of refused)
    expect((await json('host', ...args)).error, args.join(' ')).toMatchObject({ code });
  expect((await json('host', 'devices', '--lattice', 'design', 'revoke', 'laptop')).ok).toBe(true);
  const removed = await json('host', 'hub', 'remove', 'design', '--confirm', 'design');
  expect(removed.data.kept).toHaveLength(2);
  expect((await json('host', 'hub')).data.lattices).toEqual([]);
});
