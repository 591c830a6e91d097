import { z } from 'zod';
import { type Actor, actorSchema } from './actor.ts';
import { type JsonValue, parseJson } from './json.ts';

/** What an artifact can be. */
export const ARTIFACT_TYPES = ['conversation', 'note', 'prompt', 'file', 'log', 'reference'] as const;

const metaSchema = z.looseObject({
  id: z.string().min(1),
  type: z.string(),
  title: z.string(),
  created_at: z.string(),
  created_by: actorSchema,
  summary: z.string().nullish(),
  payload: z
    .looseObject({
      file: z.string().nullish(),
      content_type: z.string().nullish(),
      size_bytes: z.number().nullish(),
    })
    .nullish(),
});

/** `artifacts/meta/<id>.json`. */
export interface ArtifactMeta {
  readonly schema_version: number;
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly summary: string | null;
  readonly created_at: string;
  readonly created_by: Actor;
  readonly model: string | null;
  readonly tags: readonly string[];
  /** All null for an artifact that is only an address. */
  readonly payload: {
    readonly file: string | null;
    readonly content_type: string | null;
    readonly size_bytes: number | null;
  };
  readonly token_usage: JsonValue;
  readonly sensitive: boolean;
  readonly custom_fields: { readonly url?: string; readonly [key: string]: unknown };
}

/** Reads the metadata of an artifact; undefined when the text is not one. */
export function readArtifactMeta(text: string): ArtifactMeta | undefined {
  const value = parseJson(text);
  const parsed = metaSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { summary, payload } = parsed.data;
  return {
    schema_version: 1,
    model: null,
    tags: [],
    token_usage: null,
    sensitive: false,
    custom_fields: {},
    ...(value as object),
    summary: summary ?? null,
    payload: {
      ...payload,
      file: payload?.file ?? null,
      content_type: payload?.content_type ?? null,
      size_bytes: payload?.size_bytes ?? null,
    },
  } as unknown as ArtifactMeta;
}
