import { InvalidArgumentError } from 'commander';
import { type Role, roleSchema } from '../src-shared/protocol/roles.ts';

/** Reads a role for an option. */
export function roleOption(text: string): Role {
  const parsed = roleSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`Use ${roleSchema.options.join(', ')}.`);
}
