import { Objm } from '@nats-io/obj';
import { describe, expect, it } from 'vitest';
import { namesOf } from '../../src-shared/protocol/subjects.ts';
import { SERVERS, WorkLattice } from '../testing/work-lattice.ts';

describe.each(SERVERS)('a large result on %s', (_, binary) => {
  const lattice = new WorkLattice(binary);

  it.each([
    ['of the same length', 'y'.repeat(9 * 1024 ** 2)],
    ['of another length', 'y'],
  ])('is refused with clear words when somebody replaced it with one %s', async (_what, forged) => {
    const { dispatcher, nc } = await lattice.open();
    const big = 'x'.repeat(9 * 1024 ** 2);
    await lattice.station({ execute: async () => ({ status: 'completed', result: big }) });
    const { id } = await lattice.assign('much');
    const { result_ref: ref } = await dispatcher.await(id, { timeoutMs: 15_000 });
    expect(ref?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await dispatcher.result(id)).toBe(big);
    const store = await new Objm(nc).open(namesOf(lattice.org).resultsBucket);
    await store.putBlob({ name: ref?.object ?? '' }, new TextEncoder().encode(forged));
    await expect(dispatcher.result(id)).rejects.toMatchObject({
      code: 'unsafe',
      message: `The result of work ${id} in the store is not the one that it ended with.`,
    });
  });
});
