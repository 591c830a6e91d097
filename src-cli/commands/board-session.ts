import type { Command } from 'commander';
import { LatticeError } from '../../src-shared/errors.ts';
import type { SessionFile } from '../../src-shared/tracker/session.ts';
import type { BoardHost } from '../board-host.ts';
import { boardAction } from '../board-run.ts';
import { table } from '../output.ts';

interface StartFlags {
  name: string;
  model: string;
  framework?: string;
  agentType?: string;
  json?: boolean;
  quiet?: boolean;
}

/** Adds the commands for the named agents that work on a board. */
export function addSessionCommands(board: Command, host: BoardHost): void {
  const group = board.command('session').description('named, numbered agents that write with --name');
  addStart(group, host);
  const end = group
    .command('end')
    .description('end a session')
    .argument('<name>')
    .option('--reason <text>', 'why')
    .option('--quiet', 'print only the name');
  boardAction<{ json?: boolean; quiet?: boolean; reason?: string }>(
    host,
    end,
    async (at, flags, [name = '']) => {
      const session = await at.sessions.end(name, flags.reason);
      return { data: session, human: `${session.name} has ended.`, quiet: session.name };
    },
  );
  const list = group.command('list').description('the sessions that run');
  boardAction<{ json?: boolean }>(host, list, async (at) => {
    const sessions = at.sessions.list();
    const rows = sessions.map((each) => [each.name, String(each.model ?? ''), each.started_at]);
    return {
      data: sessions,
      human: rows.length === 0 ? 'No session runs.' : table(['NAME', 'MODEL', 'SINCE'], rows),
    };
  });
  const show = group.command('show').description('one session').argument('<name>');
  boardAction<{ json?: boolean }>(host, show, async (at, _flags, [name = '']) => {
    const session = at.sessions.get(name);
    return { data: session, human: line(session), quiet: session.name };
  });
}

function addStart(group: Command, host: BoardHost): void {
  const command = group
    .command('start')
    .description('begin a session; it gets the next number of its name')
    .requiredOption('--name <name>', 'without a number, such as Argus')
    .requiredOption('--model <name>', 'the model that acts')
    .option('--framework <name>', 'the program that runs it')
    .option('--agent-type <type>', 'what it does')
    .option('--quiet', 'print only the name');
  boardAction<StartFlags>(host, command, async (at, flags) => {
    if (at.readOnly !== undefined) throw new LatticeError('unsupported', at.readOnly);
    const { framework, agentType } = flags;
    const session = await at.sessions.start({
      baseName: flags.name,
      model: flags.model,
      ...(framework === undefined ? {} : { framework }),
      ...(agentType === undefined ? {} : { agentType }),
    });
    return { data: session, human: line(session), quiet: session.name };
  });
}

function line(session: SessionFile): string {
  return `${session.name}  ${session.status} since ${session.started_at}`;
}
