const NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Whether the host name of a URL means this machine. */
export function isLoopbackName(hostname: string): boolean {
  return NAMES.has(hostname);
}
