/** A variable as a text of lattice.yaml names it. */
const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The variables that a text names as `${NAME}`, each once. */
export function variablesOf(text: string): string[] {
  return [...new Set([...text.matchAll(VARIABLE)].flatMap(([, name]) => name ?? []))];
}

/** A text with each `${NAME}` replaced by its value; one that is not set is left empty. */
export function expandVariables(text: string, env: Readonly<Record<string, string | undefined>>): string {
  return text.replace(
    VARIABLE,
    (_, name: string) => (Object.hasOwn(env, name) ? env[name] : undefined) ?? '',
  );
}
