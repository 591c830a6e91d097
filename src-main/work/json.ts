const decoder = new TextDecoder();

/** The value in the bytes of a message, or undefined when they are not JSON. */
export function parseJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(data));
  } catch {
    return undefined;
  }
}
