import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { loadLatticeConfig } from '../src-main/config/lattice-config.ts';
import { type BenchResult, compared, percentile } from './result.ts';

const AGENTS = 200;
const ROUNDS = 15;

/** A lattice.yaml of 2,000 lines loaded from disk with every check, against the bare parse of the same text. */
export async function bench(): Promise<BenchResult[]> {
  const head = 'name: big\nproviders: { anthropic: {}, openai: {} }\nagents:\n';
  const text = `${head}${Array.from({ length: AGENTS }, (_, index) => agent(index)).join('')}`;
  const folder = await mkdtemp(join(tmpdir(), 'lattice-bench-'));
  const load: number[] = [];
  const bare: number[] = [];
  try {
    await writeFile(join(folder, 'lattice.yaml'), text);
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await timed(() => parseDocument(text)));
      load.push(await timed(() => loadLatticeConfig({ folder, hasVariable: () => true })));
    }
    const { diagnostics, routing } = await loadLatticeConfig({ folder });
    if (diagnostics.length > 0 || routing.agents.length !== AGENTS) throw new Error('The file is not sound.');
  } finally {
    await rm(folder, { recursive: true });
  }
  return [
    compared({
      name: `load ${text.split('\n').length} lines of lattice.yaml`,
      unit: 'ms',
      value: Number(percentile(load, 0.5).toFixed(1)),
      baseline: {
        name: 'parse them with the yaml library alone',
        value: Number(percentile(bare, 0.5).toFixed(1)),
      },
      bar: '< 50 ms',
    }),
  ];
}

function agent(index: number): string {
  return [
    `  agent-${index}: # number ${index}`,
    `    path: agent-${index}.md`,
    `    description: "Agent number ${index}"`,
    `    triggers: [/a${index}, /b${index}]`,
    '    routing:',
    '      strategy: pattern',
    '      pattern:',
    '        - anthropic/claude-sonnet-4-5',
    '        - openai/gpt-4o',
    '      on_unavailable: next',
    '',
  ].join('\n');
}

async function timed(action: () => unknown): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}
