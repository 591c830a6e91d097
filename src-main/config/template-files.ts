import counter from '../../resources/templates/default/agents/counter.mjs?raw';
import greeter from '../../resources/templates/default/agents/greeter.mjs?raw';
import greeterPrompt from '../../resources/templates/default/agents/greeter.prompt?raw';
import systemReporter from '../../resources/templates/default/agents/system-reporter.mjs?raw';
import textAnalyser from '../../resources/templates/default/agents/text-analyser.mjs?raw';
import latticeYaml from '../../resources/templates/default/lattice.yaml?raw';

/** The files of the default template by their path; built into the bundle, so that every front has them. */
export const DEFAULT_TEMPLATE: Readonly<Record<string, string>> = {
  'lattice.yaml': latticeYaml,
  'agents/counter.mjs': counter,
  'agents/greeter.mjs': greeter,
  'agents/greeter.prompt': greeterPrompt,
  'agents/system-reporter.mjs': systemReporter,
  'agents/text-analyser.mjs': textAnalyser,
};
