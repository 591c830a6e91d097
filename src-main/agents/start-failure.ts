import { existsSync } from 'node:fs';
import { type ErrorShape, LatticeError } from '../../src-shared/errors.ts';

/** What could not be started, and the setting that names it. */
interface Started {
  program: string;
  cwd: string;
  /** Such as `run.command`. */
  from: string;
  /** How to get the program; default is a general sentence. */
  install?: string | undefined;
}

/** Why a program could not be started, with what to do about it. */
export function cannotStart({ program, cwd, from, install }: Started, thrown: unknown): ErrorShape {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  const error = (why: string, hint: string): ErrorShape => ({
    code: 'agent_failed',
    message: `Cannot start ${program}: ${why}.`,
    hint,
  });
  if (code === 'ENOENT' && !existsSync(cwd))
    return error(`the project folder ${cwd} is not there`, 'Create it, or choose another project folder.');
  if (code === 'ENOENT')
    return error(
      'not found',
      install ?? `Install ${program} on this station, or write its full path in ${from}.`,
    );
  if (code === 'EACCES')
    return error(`it is not executable`, `Make it executable (chmod +x), or name the program that runs it.`);
  return error(LatticeError.from(thrown).message, `Check ${from} of this agent.`);
}
