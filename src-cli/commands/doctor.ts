import type { Command } from 'commander';
import { resolvePaths } from '../../src-main/config/paths.ts';
import { type ExposureCheck, exposureChecks } from '../../src-main/exposure-checks.ts';
import { findNatsServer } from '../../src-main/hub/binary.ts';
import { LatticeError } from '../../src-shared/errors.ts';
import { globalsOf } from '../globals.ts';
import { createOutput, EXIT_FAILED, paint } from '../output.ts';

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('say what is there, what listens where, and who can reach it')
    .addHelpText('after', '\nExamples:\n  lattice doctor\n  lattice doctor --json | jq ".data.checks[]"')
    .action(async (_options: unknown, command: Command) => {
      const output = createOutput(globalsOf(command).json === true);
      const checks = [await serverCheck(), ...(await exposureChecks(resolvePaths().dataDir))];
      output.result({ checks }, () =>
        checks
          .flatMap(({ ok, label, hint }) => [
            `${ok ? paint('green', 'ok  ') : paint('red', 'look')} ${label}`,
            ...(hint === undefined ? [] : [`     ${paint('dim', hint)}`]),
          ])
          .join('\n'),
      );
      if (checks.some(({ ok }) => !ok)) process.exitCode = EXIT_FAILED;
    });
}

async function serverCheck(): Promise<ExposureCheck> {
  try {
    const { version, path } = await findNatsServer({ env: process.env });
    return { id: 'nats-server', ok: true, label: `nats-server ${version} at ${path}` };
  } catch (error) {
    const { message, hint } = LatticeError.from(error);
    return { id: 'nats-server', ok: false, label: message, ...(hint === undefined ? {} : { hint }) };
  }
}
