import { expandValues, isOwnVariable } from '../../../src-shared/lattice-yaml/env.ts';
import { safeEnvironment } from '../command-environment.ts';

export interface AgentEnvironmentOptions {
  /** Our own environment. */
  own: NodeJS.ProcessEnv;
  /** Names that the definition lets through. */
  pass: readonly string[];
  /** Values of the definition. */
  values: Readonly<Record<string, string>>;
}

/** The environment of an agent's processes: what programs need, what its definition lets through or sets, nothing else. */
export function agentEnvironment({ own, pass, values }: AgentEnvironmentOptions): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of pass) {
    const value = own[name];
    if (value !== undefined) passed[name] = value;
  }
  const all = { ...safeEnvironment(own), ...passed, ...expandValues(values, own) };
  // What opens our hub is never passed on, whatever a definition says.
  return Object.fromEntries(Object.entries(all).filter(([name]) => !isOwnVariable(name)));
}
