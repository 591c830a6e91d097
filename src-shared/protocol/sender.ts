import type { Role } from './roles.ts';

/** Who a message comes from, as far as the lattice can prove it. */
export interface Sender {
  /** The device that signed; absent when nothing proves which one it was. */
  id?: string;
  /** The name the lattice knows it by, or what the message says of itself when `verified` is false. */
  name: string;
  role?: Role;
  /** Whether a signature of a current member proves id, name and role. */
  verified: boolean;
}

/** What is known of who sent an unsigned message: its own word. */
export function unproven(name: string | undefined): Sender {
  return { name: name ?? 'unknown', verified: false };
}
