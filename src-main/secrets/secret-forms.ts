/** A secret that is shorter would only garble texts. */
export const SHORTEST_SECRET = 4;
/** Encodings of a secret that is shorter say too little to tell them from other text. */
const SHORTEST_ENCODED = 8;

/**
 * How a secret may stand in a text: as it is, escaped once or twice for JSON, for an address, as base64 at any place of
 * a longer text, and as hex. One of several lines is also known by each line, because logs are written line by line.
 */
export function formsOf(secret: string): string[] {
  const forms = new Set<string>();
  for (const part of [secret, ...secret.split(/\r?\n/)]) {
    if (part.length < SHORTEST_SECRET || part.startsWith('-----')) {
      if (part !== secret || part.length < SHORTEST_SECRET) continue;
    }
    const once = escaped(part);
    for (const form of [part, once, escaped(once), part.replaceAll('"', '\\"'), ...addressForms(part)])
      forms.add(form);
    if (Buffer.byteLength(part) >= SHORTEST_ENCODED) for (const form of encoded(part)) forms.add(form);
  }
  return [...forms];
}

const escaped = (text: string) => JSON.stringify(text).slice(1, -1);

function addressForms(text: string): string[] {
  if (/\p{Surrogate}/u.test(text)) return [];
  const encodedText = encodeURIComponent(text);
  return [
    encodedText,
    encodedText.replaceAll('%20', '+'),
    new URLSearchParams({ a: text }).toString().slice(2),
  ];
}

function encoded(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const hex = bytes.toString('hex');
  const base64 = [0, 1, 2].map((before) => base64Core(bytes, before));
  return [
    hex,
    hex.toUpperCase(),
    ...base64,
    ...base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

/** The characters of base64 that depend on nothing but these bytes when `before` bytes stand before them. */
function base64Core(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  const first = Math.ceil((before * 8) / 6);
  const last = Math.floor(((before + bytes.length) * 8) / 6);
  return text.slice(first, last);
}
