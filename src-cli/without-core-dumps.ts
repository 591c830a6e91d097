import { refuseCoreDumps } from '../src-main/system/core-dumps.ts';
import { LatticeError } from '../src-shared/errors.ts';
import { type Output, paint } from './output.ts';

/** Turns core dumps off for a command that stays, and says so where that is not possible. */
export function withoutCoreDumps(output: Output): void {
  try {
    refuseCoreDumps();
  } catch (error) {
    const { message, hint } = LatticeError.from(error);
    output.line(`${paint('yellow', 'Note')}  ${message}${hint === undefined ? '' : ` ${hint}`}`);
  }
}
