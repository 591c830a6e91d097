import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { processIdentitySchema } from '../system/process-identity.ts';

/** What the next start needs to know about the hub that runs now; never a secret. */
const runtimeRecordSchema = z.object({
  ...processIdentitySchema.shape,
  server_name: z.string(),
  ports: z.object({ client: z.int().min(1).max(65_535), monitor: z.int().min(1).max(65_535) }),
  version: z.string(),
  config_hash: z.string(),
});
export type RuntimeRecord = z.infer<typeof runtimeRecordSchema>;

const fileIn = (runtimeDir: string) => join(runtimeDir, 'hub.json');

/** The record of the last hub, or undefined when there is none that can be read. */
export async function readRuntimeFile(runtimeDir: string): Promise<RuntimeRecord | undefined> {
  try {
    return runtimeRecordSchema.parse(JSON.parse(await readFile(fileIn(runtimeDir), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Writes the record so that a reader sees the old or the new one, never a half. */
export async function writeRuntimeFile(runtimeDir: string, record: RuntimeRecord): Promise<void> {
  await writeFileAtomic(fileIn(runtimeDir), `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
}

export async function removeRuntimeFile(runtimeDir: string): Promise<void> {
  await rm(fileIn(runtimeDir), { force: true });
}
