import { present } from '../src-shared/present.ts';
import type { NatsAuth } from '../src-shared/protocol/auth.ts';
import type { NodeFile } from './config/station-home.ts';
import { parseServerUrl } from './mesh/server-url.ts';
import { type AuthLender, lendAuth } from './secrets/auth-lender.ts';

/** What a station tells the commands of its person about how to reach its hub: paths in a file, secrets by lending them. */
export interface LeftAuth {
  known: Pick<NodeFile, 'url' | 'auth' | 'lender'>;
  lender?: AuthLender;
}

/** Starts to lend what opens a hub when that is no file that commands can read themselves. */
export async function leaveAuth(dir: string, target: { url: string; auth: NatsAuth }): Promise<LeftAuth> {
  const { shown: url, auth: inUrl } = parseServerUrl(target.url);
  const { credsFile, nkeyFile, ...secret } = { ...inUrl, ...target.auth };
  const known = { url, auth: present({ credsFile, nkeyFile }) };
  if (Object.keys(present(secret)).length === 0) return { known };
  const lender = await lendAuth(dir, secret);
  return { known: { ...known, lender: { dir, address: lender.address } }, lender };
}
