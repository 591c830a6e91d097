import { z } from 'zod';

/** What this station knows of an agent of its own beyond what the mesh hears. */
export const agentDefinitionSchema = z.object({
  /** The file that defines it, from the project folder. */
  source: z.string(),
  triggers: z.array(z.string()),
  runtime: z
    .object({
      title: z.string(),
      state: z.enum(['installed', 'missing', 'broken', 'unknown']),
      version: z.string().optional(),
      hint: z.string().optional(),
    })
    .optional(),
  routing: z.object({ strategy: z.string(), models: z.array(z.string()), sticky: z.boolean() }).optional(),
  /** The prompt with the values filled in, or why that does not work. */
  prompt: z
    .object({ system: z.string(), messages: z.array(z.string()), error: z.string().optional() })
    .optional(),
  permissions: z
    .object({
      otherwise: z.enum(['ask', 'allow', 'deny']),
      allow: z.array(z.string()),
      deny: z.array(z.string()),
    })
    .optional(),
  sandbox: z
    .object({
      workspace: z.string().optional(),
      timeout_ms: z.number().optional(),
      memory_mb: z.number().optional(),
      processes: z.number().optional(),
      network: z.boolean(),
      /** Names of variables that it may see. */
      environment: z.array(z.string()),
    })
    .optional(),
});
export type AgentDefinitionView = z.infer<typeof agentDefinitionSchema>;
