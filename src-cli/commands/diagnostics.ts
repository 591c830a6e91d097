import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { resolvePaths } from '../../src-main/config/paths.ts';
import { loadStationConfig } from '../../src-main/config/station-config.ts';
import { runningStations } from '../../src-main/config/station-home.ts';
import { collectDiagnostics } from '../../src-main/diagnostics/collect.ts';
import { Diagnostics, diagnosticsName } from '../../src-main/diagnostics/diagnostics.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { flagsOf, type GlobalOptions } from '../globals.ts';
import { createOutput, paint, table } from '../output.ts';

interface DiagnosticsFlags extends GlobalOptions {
  output?: string;
  list?: boolean;
}

export function addDiagnosticsCommand(program: Command): void {
  program
    .command('diagnostics')
    .description('write a zip that helps to find a fault: no task, no output, no secret')
    .option('--output <file>', 'where to write it; a file that is there stays')
    .option('--list', 'only say what would be in it')
    .addHelpText(
      'after',
      '\nExamples:\n  lattice diagnostics --list\n  lattice diagnostics --output fault.zip',
    )
    .action(async (_options: unknown, command: Command) => {
      const flags = command.optsWithGlobals<DiagnosticsFlags>();
      const output = createOutput(flags.json === true);
      const paths = resolvePaths();
      const settings = await loadStationConfig({
        file: flags.config ?? paths.configFile,
        env: process.env,
        flags: flagsOf(flags),
      });
      const stations = (await runningStations(paths.dataDir)).map(
        ({ auth: _, tls: __, lender: ___, ...shown }) => shown,
      );
      const diagnostics = new Diagnostics(() =>
        collectDiagnostics({
          paths,
          settings,
          secrets: { kept: 'files' },
          status: { stations },
          env: process.env,
        }),
      );
      const { files, bytes } = await diagnostics.collect();
      output.line(
        table(
          ['FILE', 'BYTES', 'HOLDS'],
          files.map((file) => [file.name, String(file.bytes), file.what]),
        ),
      );
      if (flags.list) {
        output.result({ files, bytes }, () => paint('dim', 'Nothing was written.'));
        return;
      }
      const path = resolve(flags.output ?? diagnosticsName(new Date()));
      await write(path, diagnostics.zip);
      output.result({ path, bytes, files }, () => `Written to ${path}. Look into it before you send it.`);
    });
}

async function write(path: string, zip: Uint8Array): Promise<void> {
  try {
    await writeFile(path, zip, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const there = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (there)
      throw new LatticeError('conflict', `${path} is there already.`, {
        hint: 'Name another file with --output.',
        cause: error,
      });
    throw new LatticeError('io_failed', `${path} cannot be written.`, {
      hint: 'Check that the folder is there and can be written.',
      cause: error,
    });
  }
}
