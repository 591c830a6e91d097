/** A lattice.yaml with this many agents of 14 lines each. */
export function bigFile(agents: number): string {
  const head =
    'providers:\n  anthropic:\n    env: ANTHROPIC_API_KEY\n  openai:\n    env: OPENAI_API_KEY\n  google:\n    env: GEMINI_API_KEY\n\nagents:\n';
  return head + Array.from({ length: agents }, (_, index) => agent(index)).join('\n');
}

function agent(index: number): string {
  return `  # Agent number ${index}.
  agent-${index}:
    path: agent-${index}.md
    triggers: [/agent-${index}]
    routing:
      strategy: pattern
      pattern:
        - anthropic/claude-sonnet-4-5
        - anthropic/claude-sonnet-4-5
        - openai/gpt-4o
        - google/gemini-2.5-pro
        - anthropic/claude-sonnet-4-5
      on_unavailable: next
`;
}
