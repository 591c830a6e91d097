import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** A configuration with an agent for every strategy. */
export const ROUTING_FILE = `# How our agents reach their models.
name: platform-team
version: 1.0.0

providers:
  anthropic:
    env: ANTHROPIC_API_KEY
    tier: pro
    local_budget: unlimited

  openai:
    env: OPENAI_API_KEY
    local_budget: 50

  google:
    env: GEMINI_API_KEY

  ollama:
    models: [llama3.1:8b, llama3.1:70b, qwen2.5-coder:32b]

defaults:
  agents_dir: ./agents
  routing:
    - anthropic/claude-sonnet-4-5
    - google/gemini-2.5-flash

agents:
  coder:
    path: coder.md
    triggers: [/code, /do]
    routing:  # use the flat-rate plan first
      strategy: pattern
      pattern:
        - anthropic/claude-sonnet-4-5
        - anthropic/claude-sonnet-4-5
        - anthropic/claude-sonnet-4-5
        - anthropic/claude-sonnet-4-5
        - openai/gpt-4o  # 1 in 5
      on_unavailable: next

  reviewer:
    path: reviewer.md
    triggers: [/review, /pr]
    routing:
      - ollama/llama3.1:70b  # free
      - anthropic/claude-sonnet-4-5
      - openai/gpt-4o

  vuln-scanner:
    path: vuln-scanner.md
    triggers: [/scan]
    routing:
      strategy: weighted
      weights:
        anthropic/claude-sonnet-4-5: 60
        openai/gpt-4o: 25
        google/gemini-2.5-pro: 15

  log-analyzer:
    path: log-analyzer.md
    routing:
      strategy: least_cost
      models:
        - google/gemini-2.5-flash
        - openai/gpt-4o
        - anthropic/claude-haiku-4-5

  doc-writer:
    path: doc-writer.md
    triggers: [/write]
    routing:
      strategy: burst
      iterate: ollama/llama3.1:8b
      final: anthropic/claude-opus-4-5
      burst_size: 5
      final_trigger: ready for review

  explore:
    path: explore.md
    triggers: [/find, /do]
    routing:
      strategy: round_robin
      models:
        - anthropic/claude-sonnet-4-5
        - openai/gpt-4o
        - google/gemini-2.5-pro

  oracle:
    path: oracle.md
    triggers: [/why]
    routing:
      strategy: lowest_latency
      models:
        - openai/gpt-4o
        - anthropic/claude-opus-4-5
        - google/gemini-2.5-pro

  quick:
    path: quick.md

hooks:
  pre_agent:
    - action: vcs.checkpoint
  post_agent:
    - action: vcs.commit
      when: files_changed > 0
      message: "{agent}: {summary}"
    - action: notify.slack
      when: agent == "reviewer"
      channel: "#reviews"

commands:
  ship:
    description: Push current work
    action: vcs.push
  budget:
    description: What is left of the month
    action: providers.status

vcs:
  preset: git-stash

mcp:
  clock:
    command: [npx, -y, clock-server]
  issues:
    url: https://mcp.internal/issues
    headers:
      Authorization: Bearer \${ISSUES_TOKEN}

plugins:
  - opencode-notes@1.2.0
`;

/** Keys of the providers, for the environment of the app; they open nothing. */
export const ROUTING_KEYS = {
  ANTHROPIC_API_KEY: 'unused',
  OPENAI_API_KEY: 'unused',
  GEMINI_API_KEY: 'unused',
};

/** Writes the project with a prompt for each agent; `file` is its lattice.yaml. */
export async function writeRoutingProject(dir: string, file = ROUTING_FILE): Promise<string> {
  await mkdir(join(dir, 'agents'), { recursive: true });
  for (const [, name] of file.matchAll(/path: (\S+)\.md/g))
    await writeFile(join(dir, 'agents', `${name}.md`), `You are ${name}.\n`);
  const path = join(dir, 'lattice.yaml');
  await writeFile(path, file);
  return path;
}

/** Writes where routing stands and the calls of the last days into the data folder of a home. */
export async function writeRoutingHistory(home: string): Promise<void> {
  const data = join(home, 'data');
  await mkdir(join(data, 'usage'), { recursive: true });
  const state = {
    routing_state: {
      coder: { strategy: 'pattern', call_count: 212, pattern_index: 2 },
      explore: { strategy: 'round_robin', call_count: 40, round_robin_index: 1 },
      'doc-writer': { strategy: 'burst', call_count: 9, burst_count: 3 },
    },
  };
  await writeFile(join(data, 'state.json'), JSON.stringify(state));
  const models: Record<string, string[]> = {
    coder: [...Array.from({ length: 5 }, () => 'anthropic/claude-sonnet-4-5'), 'openai/gpt-4o'],
    'vuln-scanner': [
      'anthropic/claude-sonnet-4-5',
      'anthropic/claude-sonnet-4-5',
      'openai/gpt-4o',
      'google/gemini-2.5-pro',
    ],
    oracle: ['openai/gpt-4o', 'anthropic/claude-opus-4-5', 'google/gemini-2.5-pro'],
  };
  for (let back = 0; back < 4; back++) {
    const at = new Date();
    at.setHours(1, 0, 0, 0);
    at.setDate(at.getDate() - back);
    const day = [at.getFullYear(), at.getMonth() + 1, at.getDate()]
      .map((part) => String(part).padStart(2, '0'))
      .join('-');
    const lines = Object.entries(models).flatMap(([agent, row]) =>
      Array.from({ length: 54 }, (_, index) => {
        const model = row[index % row.length] ?? '';
        return JSON.stringify({
          id: `${day}-${agent}-${index}`,
          time: new Date(at.getTime() + index * 1_000).toISOString(),
          agent,
          provider: model.split('/')[0],
          model,
          outcome: 'ok',
          input_tokens: 8_000 + (index % 7) * 300,
          output_tokens: 900 + (index % 5) * 60,
          usd: model.startsWith('openai') ? 0.029 : 0.038,
          latency_ms: { openai: 1_900, anthropic: 2_600, google: 3_400 }[model.split('/')[0] ?? ''] ?? 4_000,
        });
      }),
    );
    await writeFile(join(data, 'usage', `${day}.jsonl`), `${lines.join('\n')}\n`);
  }
}

/** Opens the Routing view of a project, with no lattice but this machine's own. */
export async function openRoutingView(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Host a lattice' }).waitFor();
  await page.evaluate(() => globalThis.lattice.call('node.standalone', undefined));
  await page.keyboard.press('Control+7');
  await page.getByRole('heading', { level: 1, name: 'Routing' }).waitFor();
}
