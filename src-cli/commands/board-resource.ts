import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { LatticeError } from '../../src-shared/errors.ts';
import { actorName } from '../../src-shared/tracker/actor.ts';
import type { ResourceSnapshot } from '../../src-shared/tracker/snapshot.ts';
import { type BoardAnswer, type BoardHost, boardCode } from '../board-host.ts';
import { authorOf, boardAction, type WriteFlags, writes } from '../board-run.ts';
import { table } from '../output.ts';

const POLL_MS = 250;

/** Adds the commands for things that only so many can hold at once. */
export function addResourceCommands(board: Command, host: BoardHost): void {
  const group = board
    .command('resource')
    .description('things that only so many can hold at once, with leases');
  addCreate(group, host);
  addAcquire(group, host);
  for (const op of ['release', 'heartbeat'] as const) {
    const command = writes(
      group
        .command(op)
        .description(op === 'release' ? 'give a resource back' : 'keep a resource for longer')
        .argument('<name>'),
    );
    boardAction<WriteFlags>(host, command, async (at, flags, [name = '']) =>
      answer(await at.resources.apply(name, { op }, at.contextOf(authorOf(host, at, flags)))),
    );
  }
  const status = group.command('status').description('who holds a resource').argument('<name>');
  boardAction<{ json?: boolean }>(host, status, async (at, _flags, [name = '']) =>
    answer(at.resources.get(name)),
  );
  const list = group.command('list').description('every resource of the board');
  boardAction<{ json?: boolean }>(host, list, async (at) => {
    const resources = at.resources.list();
    const rows = resources.map((each) => [
      each.name,
      `${each.holders.length} of ${each.max_holders}`,
      holders(each),
    ]);
    return {
      data: resources,
      human: rows.length === 0 ? 'No resources yet.' : table(['NAME', 'HELD', 'BY'], rows),
    };
  });
}

function holders(resource: ResourceSnapshot): string {
  return resource.holders
    .map(({ actor, expires_at }) => `${actorName(actor)} until ${expires_at}`)
    .join(', ');
}

function answer(resource: ResourceSnapshot): BoardAnswer {
  const held = holders(resource);
  return { data: resource, human: `${resource.name}: ${held === '' ? 'free' : held}`, quiet: resource.id };
}

function addCreate(group: Command, host: BoardHost): void {
  const command = writes(group.command('create').description('make a resource').argument('<name>'))
    .option('--description <text>', 'what it is')
    .option('--max-holders <count>', 'how many can hold it at once', Number)
    .option('--ttl <seconds>', 'how long a lease lasts', Number)
    .option('--id <res_id>', 'an id of your own');
  boardAction<WriteFlags & { description?: string; maxHolders?: number; ttl?: number; id?: string }>(
    host,
    command,
    async (board, flags, [name = '']) => {
      const { description, maxHolders, ttl, id } = flags;
      const input = {
        name,
        ...(description === undefined ? {} : { description }),
        ...(maxHolders === undefined ? {} : { maxHolders }),
        ...(ttl === undefined ? {} : { ttlSeconds: ttl }),
        ...(id === undefined ? {} : { id }),
      };
      return answer(await board.resources.create(input, board.contextOf(authorOf(host, board, flags))));
    },
  );
}

interface AcquireFlags extends WriteFlags {
  task?: string;
  force?: boolean;
  wait?: boolean;
  timeout: number;
}

function addAcquire(group: Command, host: BoardHost): void {
  const command = writes(
    group.command('acquire').description('take a resource for a while').argument('<name>'),
  )
    .option('--task <task>', 'for which task')
    .option('--force', 'take it from who holds it')
    .option('--wait', 'until it is free')
    .option('--timeout <seconds>', 'how long to wait', Number, 60);
  boardAction<AcquireFlags>(host, command, async (board, flags, [name = '']) => {
    const author = authorOf(host, board, flags);
    const task = flags.task === undefined ? {} : { taskId: await board.resolve(flags.task) };
    const operation = { op: 'acquire', ...task, ...(flags.force === true && { force: true }) } as const;
    const take = () => board.resources.apply(name, operation, board.contextOf(author));
    return answer(await (flags.wait === true ? waitFor(take, flags.timeout * 1_000) : take()));
  });
}

async function waitFor(take: () => Promise<ResourceSnapshot>, timeoutMs: number): Promise<ResourceSnapshot> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await take();
    } catch (thrown) {
      const error = LatticeError.from(thrown);
      if (boardCode(error) !== 'RESOURCE_HELD') throw error;
      if (performance.now() >= deadline)
        throw new LatticeError('timeout', `${error.message} It was not given back in time.`, {
          details: { board_code: 'TIMEOUT' },
        });
    }
    await delay(POLL_MS);
  }
}
