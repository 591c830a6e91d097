import { openTestAccess } from '../../testing/work-station.ts';

const [url = '', count = '0'] = process.argv.slice(2);
const access = await openTestAccess(url, undefined, 'chaos');
process.stdout.write('ready\n');

/** Gives all works, again after each restart, and awaits them: the key makes it the same work. */
const ids = await inFlight(Number(count), 50, (index) =>
  until(() =>
    access.dispatcher
      .assign({
        task: `work ${index}`,
        agent: 'worker',
        context: { ms: 50 + ((index * 7_919) % 450) },
        dedupe_key: `chaos ${index}`,
        max_attempts: 20,
        priority: (index % 5) + 1,
        requested_by: 'chaos',
      })
      .then((made) => made.id),
  ),
);
const board = await until(() => access.openBoard(true));
while (!ids.every((id) => board.live.get(id)?.ended_at !== undefined))
  await new Promise((next) => setTimeout(next, 100));
process.stdout.write('done\n');
process.exit(0);

async function inFlight<T>(total: number, width: number, act: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < total; index = next++) results[index] = await act(index);
  };
  await Promise.all(Array.from({ length: width }, lane));
  return results;
}

/** The hub may be away just now. */
async function until<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch {
      await new Promise((next) => setTimeout(next, 200));
    }
  }
}
