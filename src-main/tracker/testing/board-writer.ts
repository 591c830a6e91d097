import { LatticeError } from '../../../src-shared/errors.ts';
import { LocalBoard } from '../local-board.ts';
import type { TaskOperation } from '../task-operation.ts';

// A process of its own that writes to a board: `write <root> <count> <seed>`, `fill <root> <task>` or
// `claim <root> <actor>`. It tells on its output, one
// line of JSON for each, what was acknowledged to it.

const [mode = '', root = '', third = '', seed = '0'] = process.argv.slice(2);
const board = new LocalBoard({ root, hooks: false });

function tell(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Small and the same for the same seed. */
function randomNumbers(start: number): (below: number) => number {
  let state = start * 2_654_435_761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 374_761_393) >>> 0;
    return state % below;
  };
}

async function write(count: number): Promise<void> {
  const random = randomNumbers(Number(seed));
  const author = { actor: `agent:w-${seed}` };
  let all = await board.list();
  for (let index = 0; index < count; index += 1) {
    if (index % 10 === 9) all = await board.list();
    const pick = all.length === 0 || random(5) === 0 ? undefined : all[random(all.length)];
    try {
      const outcome =
        pick === undefined
          ? await board.create({ title: `Task ${index} of ${seed}` }, author)
          : await board.apply(
              pick.id,
              operation(random, index, all[random(all.length)]?.id ?? pick.id),
              author,
            );
      tell({ task: outcome.task.id, events: outcome.events.map((event) => event.id) });
    } catch (error) {
      // Archived by another process, linked already, not allowed: refusals are part of a busy board.
      const { code } = LatticeError.from(error);
      if (code !== 'conflict' && code !== 'not_found' && code !== 'invalid_input') throw error;
      tell({ refused: code });
    }
  }
}

function operation(random: (below: number) => number, index: number, other: string): TaskOperation {
  switch (random(7)) {
    case 0:
      return { op: 'status', status: 'in_progress', force: true, reason: 'chaos' };
    case 1:
      return { op: 'status', status: 'planned', force: true, reason: 'chaos' };
    case 2:
      return { op: 'assign', to: `agent:w-${random(8)}` };
    case 3:
      return { op: 'link', type: 'related_to', targetId: other };
    case 4:
      return {
        op: 'update',
        fields: { title: `Renamed ${index} by ${seed}`, 'custom_fields.n': String(index) },
      };
    case 5:
      return random(4) === 0 ? { op: 'archive' } : { op: 'complete', review: `seen by ${seed}` };
    default:
      return { op: 'comment', body: `comment ${index} by ${seed}` };
  }
}

/** Comments until one fails, and tells how. */
async function fill(task: string): Promise<void> {
  try {
    for (let count = 0; count < 100; count += 1) {
      const body = `${count}`.repeat(150);
      const { events } = await board.apply(task, { op: 'comment', body }, { actor: 'agent:filler' });
      tell({ task, events: events.map((event) => event.id) });
    }
  } catch (error) {
    const { code, message } = LatticeError.from(error);
    tell({ refused: code, message });
  }
}

// The system tells that a file may not grow with this signal, and then with an error.
process.on('SIGXFSZ', () => undefined);
if (mode === 'write') await write(Number(third));
else if (mode === 'fill') await fill(third);
else {
  const outcome = await board.claim({}, { actor: third });
  tell({ task: outcome?.task.id, status: outcome?.task.status });
}
await board[Symbol.asyncDispose]();
