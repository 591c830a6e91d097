import { z } from 'zod';
import { contextSchema } from '../protocol/invoke.ts';
import { agentDefinitionSchema } from '../views/agent-definition.ts';

/** The calls about agents of this station. */
export const agentCalls = {
  /** How an agent of this station is made, its prompt filled with `context`; `not_found` for one of another station. */
  'agents.definition': {
    input: z.object({ agent: z.string().max(200), context: contextSchema }),
    output: agentDefinitionSchema,
  },
} as const;
