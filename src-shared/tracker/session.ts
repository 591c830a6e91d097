import { z } from 'zod';
import type { SessionActor } from './actor.ts';
import { parseJson } from './json.ts';
import { formatTimestamp } from './timestamp.ts';
import { type Refusal, refuse } from './verdict.ts';

const indexSchema = z.looseObject({
  serial_counters: z.record(z.string(), z.int().nonnegative()),
  active_sessions: z.record(z.string(), z.string()),
});

/** `sessions/index.json`: the last number of each name, and the sessions that run. */
export type SessionIndex = z.infer<typeof indexSchema>;

export const EMPTY_SESSIONS: SessionIndex = { serial_counters: {}, active_sessions: {} };

/** Reads `sessions/index.json`; undefined when it is damaged. */
export function readSessionIndex(text: string): SessionIndex | undefined {
  return indexSchema.safeParse(parseJson(text)).data;
}

/** `sessions/<name>.json`: the actor and when it began. */
export interface SessionFile extends SessionActor {
  readonly session: string;
  readonly started_at: string;
  readonly last_active: string;
  readonly status: string;
}

const sessionSchema = z.looseObject({
  name: z.string().min(1),
  session: z.string().min(1),
  started_at: z.string(),
  last_active: z.string(),
  status: z.string(),
});

/** Reads a session; undefined when the text is none. */
export function readSession(text: string): SessionFile | undefined {
  return sessionSchema.safeParse(parseJson(text)).data;
}

/** A session to begin. */
export interface SessionInput {
  /** Without a number; the number is added. */
  readonly baseName: string;
  readonly model: string;
  readonly framework?: string;
  readonly agentType?: string;
  /** `sess_` and a ULID. */
  readonly sessionId: string;
}

/** Plans a session: its file and the index with its number taken. Numbers are never used again. */
export function startSession(
  index: SessionIndex,
  input: SessionInput,
  now: Date,
): { readonly ok: true; readonly session: SessionFile; readonly index: SessionIndex } | Refusal {
  const { baseName } = input;
  if (!/^[^\s/\\.][^\s/\\]{0,63}$/.test(baseName) || /-\d+$/.test(baseName)) {
    return refuse('VALIDATION_ERROR', `${JSON.stringify(baseName)} is no name for a session.`, {
      hint: 'No spaces, no slashes, no number at the end, at most 64 characters.',
    });
  }
  const counters = index.serial_counters;
  const serial = ((Object.hasOwn(counters, baseName) ? counters[baseName] : undefined) ?? 0) + 1;
  const name = `${baseName}-${serial}`;
  const at = formatTimestamp(now);
  const session: SessionFile = {
    name,
    base_name: baseName,
    serial,
    session: input.sessionId,
    model: input.model,
    ...(input.framework === undefined ? {} : { framework: input.framework }),
    ...(input.agentType === undefined ? {} : { agent_type: input.agentType }),
    started_at: at,
    last_active: at,
    status: 'active',
  };
  return {
    ok: true,
    session,
    index: {
      ...index,
      serial_counters: { ...counters, [baseName]: serial },
      active_sessions: { ...index.active_sessions, [name]: input.sessionId },
    },
  };
}

/** A session that is over, as its file in the archive, and the index without it. */
export function endSession(
  index: SessionIndex,
  session: SessionFile,
  now: Date,
  reason?: string,
): { readonly session: SessionFile; readonly index: SessionIndex } {
  const active = Object.entries(index.active_sessions).filter(([name]) => name !== session.name);
  const ended = {
    ...session,
    status: 'ended',
    ended_at: formatTimestamp(now),
    ...(reason === undefined ? {} : { end_reason: reason }),
  };
  return { session: ended, index: { ...index, active_sessions: Object.fromEntries(active) } };
}

/** The actor that a session writes as. */
export function sessionActor(session: SessionFile): SessionActor {
  const actor: Record<string, unknown> = {};
  for (const key of ['name', 'base_name', 'serial', 'session', 'model', 'framework', 'agent_type']) {
    if (session[key] !== undefined) actor[key] = session[key];
  }
  return { ...actor, name: session.name };
}
