import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openUrl } from './open-url.mjs';
import { SourceError } from './sources.mjs';

/**
 * Downloads a file under a temporary name and gives it its own name only when its SHA-256 is the expected one.
 * @param {string} url
 * @param {string} target
 * @param {{sha256: string, connectTimeoutMs?: number, stallTimeoutMs?: number, report?: (line: string) => void, env?: NodeJS.ProcessEnv}} options
 *   `connectTimeoutMs` is the time until the first byte of the answer, `stallTimeoutMs` the longest silence after it.
 * @throws {SourceError} when the host cannot be reached, answers with an error, falls silent, or the sum differs
 */
export async function download(url, target, options) {
  const { connectTimeoutMs = 5_000, stallTimeoutMs = 20_000 } = options;
  const part = `${target}.part`;
  const hash = createHash('sha256');
  try {
    const answer = await openUrl(url, { timeoutMs: connectTimeoutMs, env: options.env ?? process.env });
    answer.setTimeout(stallTimeoutMs, () => {
      answer.destroy(new SourceError(`${new URL(url).host} fell silent for ${stallTimeoutMs / 1000} s.`));
    });
    const total = Number(answer.headers['content-length'] ?? 0);
    await pipeline(answer, watch(hash, total, options.report), createWriteStream(part));
    const sum = hash.digest('hex');
    if (sum !== options.sha256) {
      throw new SourceError(`${url} has another SHA-256 than the pinned one (${sum}). It was deleted.`);
    }
    await rename(part, target);
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof SourceError) throw error;
    throw new SourceError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {number} total
 * @param {((line: string) => void) | undefined} report
 */
function watch(hash, total, report) {
  let seen = 0;
  let told = 0;
  return new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk);
      seen += chunk.length;
      const quarter = total > 0 ? Math.floor((seen / total) * 4) : 0;
      if (quarter > told) {
        told = quarter;
        report?.(`${quarter * 25} % of ${Math.max(1, Math.round(total / 1e6))} MB`);
      }
      done(null, chunk);
    },
  });
}
