import { z } from 'zod';
import { type RouteCandidate, routeCandidateSchema } from '../../../../src-shared/views/mesh.ts';

const detailsSchema = z.looseObject({ candidates: z.array(routeCandidateSchema) });

/** The candidates that the details of an error list; none when it lists none. */
export function candidatesOf(details: unknown): readonly RouteCandidate[] {
  const parsed = detailsSchema.safeParse(details);
  return parsed.success ? parsed.data.candidates : [];
}
