import type { Command } from 'commander';
import { resolvePaths } from '../../src-main/config/paths.ts';
import type { LocalAgents } from '../../src-main/local-agents.ts';
import { durationOption, type GlobalOptions, pairOption } from '../globals.ts';
import { runLocally } from '../local-run.ts';
import { createOutput, paint } from '../output.ts';
import { runOnMesh } from './agents.ts';

interface AskOptions extends GlobalOptions {
  mesh?: boolean;
  station?: string;
  context?: Record<string, unknown>;
  input?: Record<string, unknown>;
  task?: string;
  timeout?: number;
}

export function addAskCommands(program: Command): void {
  program
    .command('ask')
    .description('give a request to the agent it names, and show what it does')
    .argument('<request...>', 'a trigger such as /plan, or an agent, and the text of the request')
    .option('--mesh', 'run it in the lattice, where there is room, instead of in this process')
    .option('--station <name>', 'run it in the lattice on this station, by name or id')
    .option('--context <key=value>', 'a value that travels with the task; may be given again', pairOption)
    .option('--timeout <time>', 'how long it may run, such as 90s or 5m', durationOption)
    .addHelpText(
      'after',
      '\nQuestions about permissions are asked at this terminal.\n\nExamples:\n  lattice ask "/plan the release"\n  lattice ask "reviewer look at the last commit" --timeout 10m\n  lattice ask "/plan the release" --mesh',
    )
    .action(async (words: string[], _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<AskOptions>();
      await withLocalAgents(async (agents) => {
        const { agent, text } = agents.match(words.join(' '));
        const { context = {}, timeout, station } = options;
        if (options.mesh === true || station !== undefined)
          await runOnMesh(agent.info.name, text, { ...options, context });
        else
          await runLocally(
            agents,
            { agent, task: text, context, timeoutMs: timeout },
            createOutput(options.json === true),
          );
      });
    });

  program.commands
    .find((each) => each.name() === 'agent')
    ?.command('run')
    .description('run one .prompt or markdown file as an agent in this process, without a lattice')
    .argument('<file>', 'the file')
    .option('--input <key=value>', 'a value of its context; may be given again', pairOption)
    .option('--task <text>', 'what to do, in words', '')
    .option('--timeout <time>', 'how long it may run, such as 90s or 5m', durationOption)
    .addHelpText(
      'after',
      '\nIts models are those of the lattice.yaml around this folder.\n\nExamples:\n  lattice agent run agents/greeter.prompt --input who=Ann\n  lattice agent run reviewer.md --task "Review the last commit"',
    )
    .action(async (file: string, _options: unknown, command: Command) => {
      const { input = {}, task = '', timeout, json } = command.optsWithGlobals<AskOptions>();
      await withLocalAgents(async (agents) => {
        const agent = await agents.add(file);
        await runLocally(
          agents,
          { agent, task, context: input, timeoutMs: timeout },
          createOutput(json === true),
        );
      });
    });
}

async function withLocalAgents(use: (agents: LocalAgents) => Promise<void>): Promise<void> {
  // Other commands need not load what runs agents.
  const { openLocalAgents } = await import('../../src-main/local-agents.ts');
  const agents = await openLocalAgents({
    paths: resolvePaths(),
    env: process.env,
    folder: process.cwd(),
    onProblem: (problem) => process.stderr.write(`${paint('yellow', 'warning')} ${problem.message}\n`),
  });
  try {
    await use(agents);
  } finally {
    await agents[Symbol.asyncDispose]();
  }
}
