const PLUGIN =
  /^(?:(?:@[a-z0-9~-][\w.~-]*\/)?[a-zA-Z0-9~][\w.~-]*(?:@[\w.^~+-]+)?|github:[\w.-]+\/[\w.-]+(?:@[\w./+-]+)?|file:[^\s;&|`$<>]+)$/;

/** Whether a text names a plugin as `name@version`, `github:owner/name@tag` or `file:path`. */
export function namesPlugin(written: string): boolean {
  return PLUGIN.test(written);
}

/** The name of a plugin without its source and version: `github:owner/name@v1` and `name@1.0.0` are both `name`. */
export function pluginName(written: string): string {
  if (written.startsWith('file:')) return lastPart(written.slice('file:'.length).replace(/\/+$/, ''));
  if (written.startsWith('github:')) return lastPart(written.slice('github:'.length).replace(/@.*$/, ''));
  const at = written.indexOf('@', 1);
  return at === -1 ? written : written.slice(0, at);
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
