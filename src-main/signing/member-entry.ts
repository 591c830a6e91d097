import { hash } from 'node:crypto';
import { z } from 'zod';
import { type Member, memberSchema } from '../../src-shared/protocol/members.ts';
import { isSignedBy, type SigningKey } from './signing-key.ts';

const DOMAIN = 'lattice-member-v1';

const entrySchema = z.object({ member: z.string().max(65_536), signature: z.string().length(86) });

/** A member as the list holds it: signed by the host, for whoever can read a stream can have it sent anywhere. */
export function encodeMember(org: string, member: Member, host: SigningKey): string {
  const text = JSON.stringify(member);
  return JSON.stringify({ member: text, signature: host.sign(bytesOf(org, text)) });
}

/** The member in an entry that the host with this key signed; without a key, one that it holds itself. */
export function decodeMember(org: string, text: string, hostKey: string | undefined): Member | undefined {
  try {
    const { member: inner, signature } = entrySchema.parse(JSON.parse(text));
    const member = memberSchema.parse(JSON.parse(inner));
    const keys = hostKey === undefined ? member.keys.map(({ key }) => key) : [hostKey];
    return keys.some((key) => isSignedBy(key, bytesOf(org, inner), signature)) ? member : undefined;
  } catch {
    return undefined;
  }
}

function bytesOf(org: string, member: string): Buffer {
  return Buffer.from(`${DOMAIN}\n${org}\n${hash('sha256', member)}`);
}
