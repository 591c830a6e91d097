import { refuseCoreDumps } from '../src-main/system/core-dumps.ts';
import { LatticeError } from '../src-shared/errors.ts';
import { type Output, paint } from './output.ts';

/** Turns core dumps off for a command that stays, and says so where that is not possible. */
export async function withoutCoreDumps(output: Output): Promise<void> {
  await refuseCoreDumps().catch((error: unknown) => {
    const { message, hint } = LatticeError.from(error);
    output.line(`${paint('yellow', 'Note')}  ${message}${hint === undefined ? '' : ` ${hint}`}`);
  });
}
