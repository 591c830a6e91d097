import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { LatticeError } from '../../src-shared/errors.ts';
import type { AttachSource } from '../../src-shared/tracker/operations/attach.ts';

/** The largest file that is copied onto a board, in bytes. */
const MAX_ATTACHMENT = 50 * 1024 * 1024;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.md': 'text/markdown',
  '.txt': 'text/plain',
  '.log': 'text/plain',
  '.json': 'application/json',
  '.csv': 'text/csv',
  '.html': 'text/html',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
};

/** What is attached, its name, and the bytes of a file. */
export interface Attachment {
  readonly source: AttachSource;
  readonly title: string;
  readonly bytes?: Uint8Array;
}

/** A file of this machine as an attachment; its copy goes onto the board. @throws LatticeError `invalid_input`, `too_large`. */
export async function attachedFile(path: string): Promise<Attachment> {
  const unreadable = (cause: unknown) => {
    throw new LatticeError('invalid_input', `${path} cannot be read.`, { cause });
  };
  const { size } = await stat(path).catch(unreadable);
  if (size > MAX_ATTACHMENT)
    throw new LatticeError('too_large', `${path} is larger than 50 MB.`, {
      hint: 'Attach its address instead.',
    });
  const bytes = await readFile(path).catch(unreadable);
  const extension = extname(path);
  const source = {
    kind: 'file',
    extension,
    contentType: contentType(extension),
    sizeBytes: bytes.length,
  } as const;
  return { source, title: basename(path), bytes };
}

function contentType(extension: string): string {
  const key = extension.toLowerCase();
  return (Object.hasOwn(CONTENT_TYPES, key) ? CONTENT_TYPES[key] : undefined) ?? 'application/octet-stream';
}
