import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLatticeYaml } from '../../src-shared/lattice-yaml/read.ts';
import { unproven } from '../../src-shared/protocol/sender.ts';
import { CommandRunner } from './command-runner.ts';
import { readPromptFile } from './prompt-file.ts';
import type { RunOutcome } from './runner.ts';

const DOCS = join(import.meta.dirname, '../../docs');

let folder: string;
let agentsDoc: string;
let runnerDoc: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lattice-docs-'));
  await mkdir(join(folder, 'agents'));
  agentsDoc = await readFile(join(DOCS, 'agents.md'), 'utf8');
  runnerDoc = await readFile(join(DOCS, 'command-runner.md'), 'utf8');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    (match) => match[1] ?? '',
  );
}

describe('the examples of the documents', () => {
  it('are valid lattice.yaml and dotprompt files', async () => {
    const yaml = [...blocks(agentsDoc, 'yaml'), ...blocks(runnerDoc, 'yaml')];
    expect(yaml).toHaveLength(3);
    for (const text of yaml) expect(readLatticeYaml([{ source: 'docs', text }]).diagnostics).toEqual([]);
    const prompts = blocks(agentsDoc, 'prompt');
    expect(prompts).toHaveLength(1);
    for (const text of prompts)
      expect((await readPromptFile(text, 'greeter.prompt')).diagnostics).toEqual([]);
  });

  it('of messages are JSON lines', () => {
    const lines = blocks(runnerDoc, 'json').flatMap((block) => block.trim().split('\n'));
    expect(lines.map((line) => Object.keys(JSON.parse(line))[0])).toEqual([
      'work_id',
      'type',
      'type',
      'type',
    ]);
  });

  it.each([
    ['sh', 'shout.sh', 'sh', /"TASK":"HELLO"/],
    ['python', 'shout.py', 'python3', /^HELLO$/],
    ['js', 'shout.mjs', process.execPath, /^HELLO!$/],
  ])('in %s run', async (language, file, program, result) => {
    const [script] = blocks(runnerDoc, language);
    expect(runnerDoc).toContain(`\`agents/${file}\``);
    await writeFile(join(folder, 'agents', file), script ?? '');
    const progress: unknown[] = [];
    const outcome: RunOutcome = await new CommandRunner().run(
      {
        workId: 'w',
        attempt: 1,
        agent: {
          info: {
            name: 'shout',
            description: '',
            capabilities: [],
            runner: 'command',
            digest: '0'.repeat(64),
            registered_at: '2026-01-01T00:00:00Z',
          },
          run: {
            kind: 'command',
            command: [program, `./agents/${file}`],
            cwd: folder,
            env: {},
            timeoutMs: 15_000,
          },
          source: 'lattice.yaml',
        },
        task: 'hello',
        context: {},
      },
      {
        signal: new AbortController().signal,
        sender: unproven('anna'),
        report: (report) => void (report.type === 'progress' && progress.push(report.percent)),
        ask: async (question) => question.choices.at(-1) ?? '',
        assign: () => Promise.reject(new Error('nobody')),
      },
    );
    expect(outcome).toMatchObject({ status: 'completed', result: expect.stringMatching(result) });
    expect(progress).toEqual([50]);
  });
});
