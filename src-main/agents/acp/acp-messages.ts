import { z } from 'zod';

/** What is read of the protocol's messages: loose, so that a runtime that adds fields or leaves some out still works. */
const textContentSchema = z.looseObject({ type: z.literal('text'), text: z.string() });
const contentSchema = z.union([textContentSchema, z.looseObject({ type: z.string() })]);
export type Content = z.infer<typeof contentSchema>;

const toolContentSchema = z.union([
  z.looseObject({ type: z.literal('content'), content: contentSchema }),
  z.looseObject({
    type: z.literal('diff'),
    path: z.string(),
    oldText: z.string().nullish(),
    newText: z.string(),
  }),
  z.looseObject({ type: z.literal('terminal'), terminalId: z.string() }),
  z.looseObject({ type: z.string() }),
]);
export type ToolContent = z.infer<typeof toolContentSchema>;

const toolSchema = z.looseObject({
  toolCallId: z.string().min(1),
  title: z.string().nullish(),
  kind: z.string().nullish(),
  status: z.string().nullish(),
  content: z.array(toolContentSchema).nullish(),
  locations: z.array(z.looseObject({ path: z.string() })).nullish(),
  rawInput: z.unknown().optional(),
  rawOutput: z.unknown().optional(),
});
/** A tool call as a runtime tells it: whole at first, then only what changed. */
export type ToolMessage = z.infer<typeof toolSchema>;

const chunk = <K extends string>(kind: K) =>
  z.looseObject({ sessionUpdate: z.literal(kind), messageId: z.string().nullish(), content: contentSchema });

const updateSchema = z.discriminatedUnion('sessionUpdate', [
  chunk('agent_message_chunk'),
  chunk('agent_thought_chunk'),
  toolSchema.extend({ sessionUpdate: z.literal('tool_call') }),
  toolSchema.extend({ sessionUpdate: z.literal('tool_call_update') }),
  z.looseObject({
    sessionUpdate: z.literal('plan'),
    entries: z.array(z.looseObject({ content: z.string(), status: z.string().nullish() })),
  }),
  z.looseObject({
    sessionUpdate: z.literal('notice'),
    severity: z.string().nullish(),
    title: z.string(),
    description: z.string().nullish(),
  }),
]);
export type SessionUpdate = z.infer<typeof updateSchema>;

const notificationSchema = z.looseObject({
  sessionId: z.string(),
  update: z.looseObject({ sessionUpdate: z.string() }),
});
const KNOWN: ReadonlySet<string> = new Set(
  updateSchema.options.map((option) => option.shape.sessionUpdate.value),
);

/** Reads an update; `other` for a kind we have no use for, `malformed` when its shape is wrong. */
export function readUpdate(params: unknown): SessionUpdate | 'other' | 'malformed' {
  const notification = notificationSchema.safeParse(params).data;
  if (notification === undefined) return 'malformed';
  if (!KNOWN.has(notification.update.sessionUpdate)) return 'other';
  return updateSchema.safeParse(notification.update).data ?? 'malformed';
}

/** A runtime's request for permission. @throws ZodError */
export const permissionRequestSchema = z.looseObject({
  sessionId: z.string(),
  toolCall: toolSchema,
  options: z.array(z.looseObject({ optionId: z.string(), kind: z.string() })).max(100),
});
export type PermissionAsked = z.infer<typeof permissionRequestSchema>;
