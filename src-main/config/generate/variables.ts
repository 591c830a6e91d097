const OURS = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Text with `${NAME}` as OpenCode writes it: `{env:NAME}`. */
export function openCodeVariables(text: string): string {
  return text.replace(OURS, '{env:$1}');
}
