import { ARTIFACT_TYPES, type ArtifactMeta } from '../artifact.ts';
import { checkText } from '../fields.ts';
import { isId } from '../ids.ts';
import { MAX_TEXT, MAX_TITLE } from '../limits.ts';
import { formatTimestamp } from '../timestamp.ts';
import { type Refusal, refuse } from '../verdict.ts';
import { checkRole } from './comment.ts';
import {
  checkWritable,
  type FileChange,
  newEvent,
  nothingToDo,
  type OperationContext,
  type Plan,
  planned,
  type TaskState,
} from './operation.ts';

/** What an artifact holds: an address, a text, or a file that the caller copies to `payload.file`. */
export type AttachSource =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'file';
      /** With its dot, such as `.log`; empty when the file has none. */
      readonly extension: string;
      readonly contentType: string | null;
      readonly sizeBytes: number;
    };

/** A new artifact of a task. */
export interface AttachInput {
  readonly source: AttachSource;
  readonly title: string;
  /** One of the artifact types; by default `reference` for an address, `note` for a text, else `file`. */
  readonly type?: string;
  readonly summary?: string;
  readonly sensitive?: boolean;
  readonly role?: string;
  readonly model?: string;
  /** Makes the operation safe to repeat. */
  readonly id?: string;
}

const DEFAULT_TYPES = { url: 'reference', text: 'note', file: 'file' } as const;
const EXTENSION = /^(?:\.[A-Za-z0-9_-]{1,20})?$/;

/** Plans an artifact: its metadata, its text if it is one, and the event that attaches it. */
export function planAttach(state: TaskState, input: AttachInput, context: OperationContext): Plan {
  const refusal = checkWritable(state, context) ?? checkRole(input.role, context) ?? checkInput(input);
  if (refusal !== undefined) return refusal;
  const id = input.id ?? context.newId('art');
  const before = state.task.evidence_refs.find((ref) => ref.source_type === 'artifact' && ref.id === id);
  if (before !== undefined) {
    if (before.role === (input.role ?? null))
      return nothingToDo(state, `Artifact ${id} is already attached.`);
    return refuse('CONFLICT', `Conflict: artifact ${id} is already attached with a different role.`);
  }
  const data = { artifact_id: id, ...(input.role === undefined ? {} : { role: input.role }) };
  const event = newEvent(state.task.id, 'artifact_attached', data, context);
  return planned(state, [event], { files: artifactFiles(id, input, context) });
}

function checkInput({ id, title, type, summary, source }: AttachInput): Refusal | undefined {
  if (id !== undefined && !isId(id, 'art')) {
    return refuse('INVALID_ID', `${JSON.stringify(id)} is no artifact id.`);
  }
  if (type !== undefined && !ARTIFACT_TYPES.some((each) => each === type)) {
    return refuse('VALIDATION_ERROR', `${JSON.stringify(type)} is no artifact type.`, {
      hint: `Use ${ARTIFACT_TYPES.join(', ')}.`,
    });
  }
  if (title.trim() === '') return refuse('VALIDATION_ERROR', 'An artifact needs a title.');
  if (source.kind === 'url' && !/^https?:\/\/\S+$/i.test(source.url)) {
    return refuse('VALIDATION_ERROR', `${JSON.stringify(source.url)} is no web address.`);
  }
  if (source.kind === 'file' && !EXTENSION.test(source.extension)) {
    return refuse('VALIDATION_ERROR', `${JSON.stringify(source.extension)} is no file extension.`);
  }
  const texts = [
    checkText('title', title, MAX_TITLE),
    checkText('summary', summary ?? '', MAX_TEXT),
    checkText('text', source.kind === 'text' ? source.text : '', MAX_TEXT),
  ];
  return texts.find((each) => !each.ok) as Refusal | undefined;
}

/** The metadata and, for a text, the payload of an artifact. */
function artifactFiles(id: string, input: AttachInput, context: OperationContext): FileChange[] {
  const { source } = input;
  const meta: ArtifactMeta = {
    schema_version: 1,
    id,
    type: input.type ?? DEFAULT_TYPES[source.kind],
    title: input.title.trim(),
    summary: input.summary ?? null,
    created_at: formatTimestamp(context.now),
    created_by: context.actor,
    model: input.model ?? context.agentMeta?.model ?? null,
    tags: [],
    payload: payload(id, source),
    token_usage: null,
    sensitive: input.sensitive ?? false,
    custom_fields: source.kind === 'url' ? { url: source.url } : {},
  };
  const change: FileChange = { kind: 'artifact_meta', meta };
  if (source.kind !== 'text' || meta.payload.file === null) return [change];
  return [{ kind: 'artifact_payload', file: meta.payload.file, text: source.text }, change];
}

function payload(id: string, source: AttachSource): ArtifactMeta['payload'] {
  switch (source.kind) {
    case 'url':
      return { file: null, content_type: null, size_bytes: null };
    case 'text':
      return {
        file: `${id}.md`,
        content_type: 'text/markdown',
        size_bytes: new TextEncoder().encode(source.text).length,
      };
    case 'file':
      return {
        file: `${id}${source.extension}`,
        content_type: source.contentType,
        size_bytes: source.sizeBytes,
      };
    default:
      return source satisfies never;
  }
}
