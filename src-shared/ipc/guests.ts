import { z } from 'zod';
import { guestViewSchema } from '../views/guest.ts';

/** Calls about the lattices of others that the hub here carries. */
export const guestCalls = {
  /** Empty where no hub runs here that could carry any. */
  'guests.list': { input: z.void(), output: z.array(guestViewSchema) },
} as const;
