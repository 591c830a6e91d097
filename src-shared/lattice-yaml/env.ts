/** A variable as a text of lattice.yaml names it. */
const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** What opens the hub and the stations of Lattice; a file that somebody shared must not hand it on. */
const OURS = /^(?:LATTICE|STN|NATS)_/i;

/** Whether a variable belongs to Lattice itself and is never put into a text. */
export function isOwnVariable(name: string): boolean {
  return OURS.test(name);
}

/** The variables that a text names as `${NAME}`, each once. */
export function variablesOf(text: string): string[] {
  return [...new Set([...text.matchAll(VARIABLE)].flatMap(([, name]) => name ?? []))];
}

/** A text with each `${NAME}` replaced by its value; one that is not set or belongs to Lattice is left empty. */
export function expandVariables(text: string, env: Readonly<Record<string, string | undefined>>): string {
  return text.replace(VARIABLE, (_, name: string) => {
    const isThere = !isOwnVariable(name) && Object.hasOwn(env, name);
    return (isThere ? env[name] : undefined) ?? '';
  });
}

/** The values of a map with their variables replaced. */
export function expandValues(
  values: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, expandVariables(text, env)]));
}
