import { mkdir, realpath } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { readForeignFiles } from '../../src-main/config/workflow/foreign-files.ts';
import { takeWorkflow } from '../../src-main/config/workflow/take-workflow.ts';
import { planWorkflow, type WorkflowPlan } from '../../src-main/config/workflow/workflow-plan.ts';
import { parseWorkflowSource } from '../../src-main/config/workflow/workflow-source.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { type Output, paint } from '../output.ts';
import { safeText } from '../safe-text.ts';

export interface InitFromOptions {
  from: string;
  yes?: boolean;
  dryRun?: boolean;
  overwrite?: boolean;
}

/** Takes over a workflow of somebody else: shows what it brings, asks, and writes. */
export async function initFrom(folder: string, options: InitFromOptions, output: Output): Promise<void> {
  const source = parseWorkflowSource(options.from, process.cwd());
  output.line(`Reading ${options.from} …`);
  const foreign = await readForeignFiles(source);
  if (options.dryRun !== true) await mkdir(folder, { recursive: true });
  const root = await realpath(folder).catch(() => folder);
  const plan = await planWorkflow(foreign, { root, env: process.env });
  for (const line of planLines(plan)) output.line(line);
  const sure = options.dryRun !== true && (options.yes === true || (await agrees(output, root)));
  const written = sure ? await takeWorkflow(root, plan, { overwrite: options.overwrite === true }) : [];
  const { files, ...rest } = plan;
  const told = files.map(({ path, kind }) => ({ path, change: kind }));
  output.result({ folder: root, from: options.from, ...rest, files: told, written }, () =>
    sure
      ? ['', ...written.map((path) => `${paint('green', 'wrote')}  ${path}`), '', ...nextSteps(plan)].join(
          '\n',
        )
      : 'Nothing was written.',
  );
}

function planLines(plan: WorkflowPlan): string[] {
  const words = { new: 'new', same: 'there already', differs: paint('yellow', 'there, and differs') };
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', paint('bold', title), ...lines.map((line) => `  ${line}`)];
  return [
    '',
    `${paint('bold', plan.name ?? 'A workflow without a name')}  ${plan.description ?? ''}`,
    ...(plan.revision === undefined ? [] : [`at ${plan.revision.slice(0, 12)}`]),
    ...section(
      'Files',
      plan.files.map(({ path, kind }) => `${path}  (${words[kind]})`),
    ),
    ...section(
      'Left out',
      plan.left.map(({ path, why }) => `${path}  (${why})`),
    ),
    ...section(
      'Agents',
      plan.agents.map(({ name, triggers, models }) =>
        [name, triggers.join(' '), models.join(', ')].filter((part) => part !== '').join('  '),
      ),
    ),
    ...section(
      'Programs it runs later, when they are needed',
      plan.programs.map(({ who, command }) => `${who}: ${command}`),
    ),
    ...section(
      'Hooks',
      plan.hooks.map(({ event, action }) => `${event}: ${action}`),
    ),
    ...section('Plugins', plan.plugins),
    ...section(
      'Keys it looks for',
      plan.variables.map(({ name, isSet }) => `${name}  (${isSet ? 'set' : paint('yellow', 'not set')})`),
    ),
    '',
  ].map(safeText);
}

function nextSteps(plan: WorkflowPlan): string[] {
  return [
    'Nothing of it was run. Read what it brings, then:',
    ...(plan.plugins.length === 0 ? [] : ['  lattice plugins sync   install its plugins']),
    '  lattice generate       write opencode.json and its agent files',
    '  lattice status         see agents, providers and version control',
  ];
}

async function agrees(output: Output, root: string): Promise<boolean> {
  if (output.json || process.stdin.isTTY !== true)
    throw new LatticeError('invalid_input', 'Nobody can be asked here, so nothing was written.', {
      hint: 'Use --yes to take it as shown, or --dry-run to only look.',
    });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`Write these files into ${root}? [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
