/** What a person typed to join: an address that can be tried, or what is wrong and what fits. */
export type Address = { ok: true; url: string } | { ok: false; error: string; suggestion?: string };

const SCHEMES = ['nats:', 'tls:'];

/** Reads the address of a hub from pasted text; several have commas between. */
export function readAddress(text: string): Address {
  const parts = text.split(',');
  if (parts.length === 1) return readOne(text);
  for (const [index, part] of parts.entries()) {
    const read = readOne(part);
    if (!read.ok) return { ok: false, error: `Address ${index + 1} of ${parts.length}: ${read.error}` };
  }
  return { ok: true, url: parts.map((part) => part.trim()).join(',') };
}

function readOne(text: string): Address {
  const typed = text.trim();
  if (typed === '') return { ok: false, error: 'Paste the address of the hub first.' };
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(typed)) {
    const suggestion = `nats://${typed}`;
    return URL.canParse(suggestion)
      ? { ok: false, error: 'An address starts with nats:// or tls://.', suggestion }
      : { ok: false, error: 'This is no address. It looks like nats://10.20.0.14:4222.' };
  }
  if (!URL.canParse(typed))
    return { ok: false, error: 'This is no address. It looks like nats://10.20.0.14:4222.' };
  const { protocol, hostname } = new URL(typed);
  if (!SCHEMES.includes(protocol))
    return { ok: false, error: `A hub is not reached over ${protocol}// but over nats:// or tls://.` };
  if (hostname === '') return { ok: false, error: 'The address names no machine.' };
  return { ok: true, url: typed };
}
