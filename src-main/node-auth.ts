import type { Disposables } from '../src-shared/disposables.ts';
import { present } from '../src-shared/present.ts';
import type { NatsAuth } from '../src-shared/protocol/auth.ts';
import type { NodeFile } from './config/station-home.ts';
import { parseServerUrl } from './mesh/server-url.ts';
import { lendAuth } from './secrets/auth-lender.ts';

/**
 * What a station tells the commands of its person about how to reach its hub: paths in a file. What is in no file that
 * commands can read is lent to them until `end`.
 */
export async function leaveAuth(
  dir: string,
  target: { url: string; auth: NatsAuth },
  end: Disposables,
): Promise<Pick<NodeFile, 'url' | 'auth' | 'lender'>> {
  const { shown: url, auth: inUrl } = parseServerUrl(target.url);
  const { credsFile, nkeyFile, ...secret } = { ...inUrl, ...target.auth };
  const known = { url, auth: present({ credsFile, nkeyFile }) };
  if (Object.keys(present(secret)).length === 0) return known;
  const { address } = end.use(await lendAuth(dir, secret));
  return { ...known, lender: { dir, address } };
}
