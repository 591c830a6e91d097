import { diagnosticAt, type Layers } from './check.ts';
import type { Diagnostic } from './diagnostic.ts';
import { agentsMeaning } from './meaning-agents.ts';
import { hooksMeaning } from './meaning-hooks.ts';
import { type MachineFacts, machineMeaning } from './meaning-machine.ts';
import { routingMeaning } from './meaning-routing.ts';
import type { LatticeYaml } from './schema.ts';

/**
 * Checks what a schema cannot: whether the parts of a document fit each other and the machine. `layers` are the texts
 * the document came from, the strongest last.
 */
export function checkMeaning(document: LatticeYaml, layers: Layers, facts: MachineFacts): Diagnostic[] {
  return [
    ...agentsMeaning(document),
    ...routingMeaning(document),
    ...hooksMeaning(document),
    ...machineMeaning(document, facts),
  ].map(({ severity, ...issue }) => diagnosticAt(layers, severity, issue));
}
