import { parseDocument } from 'yaml';
import { readLatticeYaml } from '../src-shared/lattice-yaml/read.ts';
import { type BenchResult, compared, percentile } from './result.ts';

const AGENTS = 200;
const ROUNDS = 15;

/** A lattice.yaml of 2,000 lines read with every check, against the bare parse of the same text. */
export async function bench(): Promise<BenchResult[]> {
  const text = `name: big\nagents:\n${Array.from({ length: AGENTS }, (_, index) => agent(index)).join('')}`;
  const read: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(timed(() => parseDocument(text)));
    read.push(timed(() => readLatticeYaml([{ source: 'lattice.yaml', text }])));
  }
  return [
    compared({
      name: `read ${text.split('\n').length} lines of lattice.yaml`,
      unit: 'ms',
      value: Number(percentile(read, 0.5).toFixed(1)),
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

function timed(action: () => unknown): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}
