import type { Command } from 'commander';
import { generate } from '../../src-main/config/generate/generate.ts';
import {
  compareFiles,
  type FileChange,
  isInTheWay,
  writeFiles,
} from '../../src-main/config/generate/written-files.ts';
import { loadLatticeConfig } from '../../src-main/config/lattice-config.ts';
import { resolvePaths } from '../../src-main/config/paths.ts';
import { globalsOf } from '../globals.ts';
import { createOutput, EXIT_FAILED, paint } from '../output.ts';
import { safeText } from '../safe-text.ts';

interface GenerateOptions {
  check?: boolean;
  dryRun?: boolean;
  force?: boolean;
  gateway?: string;
}

const WORDS: Record<FileChange['kind'], string> = {
  new: 'new',
  changed: 'changed',
  same: 'same',
  foreign: 'not ours',
  edited: 'edited',
  gone: 'removed',
};

export function addGenerateCommand(program: Command): void {
  program
    .command('generate')
    .description('write opencode.json, oh-my-opencode.json and agent files from lattice.yaml')
    .argument('[folder]', 'the project', '.')
    .option('--check', 'write nothing, and fail when a file is not as it would be written')
    .option('--dry-run', 'write nothing, and show what would change')
    .option('--force', 'replace files that somebody else wrote; they are kept as *.before-lattice')
    .option('--gateway <url>', 'let OpenCode ask a running lattice gateway, which follows every routing')
    .addHelpText(
      'after',
      `
Examples:
  lattice generate --dry-run
  lattice generate --check          in CI
  lattice generate --gateway http://127.0.0.1:4100/v1`,
    )
    .action(async (folder: string, options: GenerateOptions, command: Command) => {
      const output = createOutput(globalsOf(command).json === true);
      const loaded = await loadLatticeConfig({ folder, configDir: resolvePaths().configDir });
      const target = options.gateway === undefined ? undefined : { url: options.gateway };
      const { files, notes } = await generate(loaded, target);
      const changes = await compareFiles(loaded.projectDir, files);
      const open = changes.filter(({ kind }) => kind !== 'same');
      const shows = options.check === true || options.dryRun === true;
      if (shows || open.some(isInTheWay)) for (const { diff } of open) output.line(coloured(safeText(diff)));
      if (!shows) await writeFiles(loaded.projectDir, changes, { force: options.force === true });
      const told = changes.map(({ path, kind, diff }) => ({ path, change: kind, diff }));
      output.result({ project: loaded.projectDir, written: !shows, files: told, notes }, () =>
        [
          ...changes.map(
            ({ path, kind }) => `${paint(kind === 'same' ? 'dim' : 'green', WORDS[kind].padEnd(8))}  ${path}`,
          ),
          ...notes.map((note) => `${paint('yellow', 'note')}      ${safeText(note)}`),
          ...(shows && open.length > 0 ? ['', 'Nothing was written. Write them with: lattice generate'] : []),
        ].join('\n'),
      );
      if (options.check === true && open.length > 0) process.exitCode = EXIT_FAILED;
    });
}

function coloured(diff: string): string {
  return diff
    .split('\n')
    .map((line) => {
      if (line.startsWith('+')) return paint('green', line);
      if (line.startsWith('-')) return paint('red', line);
      return line.startsWith('@@') ? paint('cyan', line) : line;
    })
    .join('\n');
}
