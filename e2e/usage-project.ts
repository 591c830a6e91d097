/** A project whose agents ask models of a provider at `baseUrl`; its key is in `HERE_KEY`. */
export function usageProject(baseUrl: string): Readonly<Record<string, string>> {
  return {
    'lattice.yaml': `name: usage
version: 0.1.0
providers:
  alpha:
    env: HERE_KEY
    base_url: ${baseUrl}
    format: chat
    daily_calls: 2
    local_budget: 20
    prices: { big: { input: 100, output: 1000 } }
  beta:
    env: HERE_KEY
    base_url: ${baseUrl}
    format: chat
    local_budget: 40
    prices: { small: { input: 10, output: 100 } }
defaults:
  agents_dir: agents
agents:
  planner:
    description: Plans a change in steps
    path: planner.md
    routing: [alpha/big, beta/small]
  reviewer:
    description: Reads a change and says what is wrong
    path: reviewer.md
    routing: [beta/small]
`,
    'agents/planner.md': 'You plan changes in small steps.\n',
    'agents/reviewer.md': 'You review changes.\n',
  };
}
