#!/usr/bin/env node
import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import { processSecrets } from '../src-main/secrets/process-secrets.ts';
import { VERSION } from '../src-main/version.ts';
import { LatticeError } from '../src-shared/errors.ts';
import { addAccessCommands } from './commands/access.ts';
import { addAgentCommands } from './commands/agents.ts';
import { addApprovalCommands } from './commands/approvals.ts';
import { addAskCommands } from './commands/ask.ts';
import { addBoardCommands } from './commands/board.ts';
import { addConfigCommands } from './commands/config.ts';
import { addDeviceCommands } from './commands/devices.ts';
import { addDiagnosticsCommand } from './commands/diagnostics.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addEventCommands } from './commands/events.ts';
import { addGatewayCommand } from './commands/gateway.ts';
import { addGenerateCommand } from './commands/generate.ts';
import { addHubCommands } from './commands/hub.ts';
import { addJoinCommands } from './commands/join.ts';
import { addMeshCommands } from './commands/mesh.ts';
import { addPluginCommands } from './commands/plugins.ts';
import { addProjectCommands } from './commands/project.ts';
import { addRoutingCommands } from './commands/routing.ts';
import { addRunCommand } from './commands/run.ts';
import { addServeCommand } from './commands/serve.ts';
import { addTaskCommands } from './commands/task.ts';
import { addVcsCommands } from './commands/vcs.ts';
import { addWorkCommands } from './commands/work.ts';
import { addWorktreeCommands } from './commands/worktrees.ts';
import { createOutput, EXIT_FAILED, EXIT_USAGE } from './output.ts';

function createProgram(): Command {
  const program = new Command('lattice')
    .description('One mesh for every AI agent on every machine of a team.')
    .version(VERSION, '-V, --version')
    .option('--json', 'print one JSON object instead of words')
    .option('--nats <url>', 'the NATS server of the lattice (or LATTICE_NATS_URL)')
    .option('--org <name>', 'the org on the lattice, one word')
    .option('--config <file>', 'another config.yaml')
    .showHelpAfterError('(lattice --help shows what there is)')
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `
Examples:
  lattice init                                   write demo agents into this folder
  lattice serve --orchestration                  host a lattice on this machine
  lattice serve --lattice nats://hub:4222        join one, with the agents of this folder
  lattice agents                                 every agent on every station
  lattice agent exec counter "Count to ten"      run one where there is room
  lattice ask "/plan the next release"           the agent behind a trigger of lattice.yaml
  lattice task next --claim --actor agent:coder  take the next task of a board`,
    );
  addServeCommand(program);
  addJoinCommands(program);
  addHubCommands(program);
  addDeviceCommands(program);
  addAccessCommands(program);
  addMeshCommands(program);
  addAgentCommands(program);
  addAskCommands(program);
  addWorkCommands(program);
  addTaskCommands(program);
  addBoardCommands(program);
  addApprovalCommands(program);
  addEventCommands(program);
  addProjectCommands(program);
  addGenerateCommand(program);
  addPluginCommands(program);
  addRoutingCommands(program);
  addVcsCommands(program);
  addWorktreeCommands(program);
  addRunCommand(program);
  addGatewayCommand(program);
  addConfigCommands(program);
  addDoctorCommand(program);
  addDiagnosticsCommand(program);
  return program;
}

async function main(argv: readonly string[]): Promise<number> {
  const output = createOutput(argv.includes('--json'));
  const program = createProgram();
  for (const command of [program, ...allCommands(program)]) {
    command.exitOverride();
    if (output.json) command.configureOutput({ writeErr: () => undefined });
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return usage(error, output);
    output.error(error);
    return EXIT_FAILED;
  }
}

function allCommands(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...allCommands(child)]);
}

function usage(error: CommanderError, output: ReturnType<typeof createOutput>): number {
  if (error.exitCode === 0) return 0;
  if (output.json) {
    const message = error.message.replace(/^error: /, '').split('\n')[0] ?? '';
    output.error(new LatticeError('invalid_input', message, { hint: 'lattice --help shows what there is.' }));
  }
  return EXIT_USAGE;
}

// Who reads us, such as head, may have enough before we are done.
process.stdout.on('error', (error) => {
  if ('code' in error && error.code === 'EPIPE') process.exit();
  throw error;
});
process.on('uncaughtException', (error) => {
  process.stderr.write(`${processSecrets.redact(inspect(error))}\n`);
  process.exit(EXIT_FAILED);
});
process.exitCode = await main(process.argv.slice(2));
