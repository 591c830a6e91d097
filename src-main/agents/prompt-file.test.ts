import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../src-shared/lattice-yaml/diagnostic.ts';
import { readPromptFile } from './prompt-file.ts';

const read = (content: string, source = 'agents/a.prompt') => readPromptFile(content, source);
const said = async (content: string, source?: string) =>
  (await read(content, source)).diagnostics.map(formatDiagnostic);

describe('readPromptFile', () => {
  it('reads everything a dotprompt file can say', async () => {
    const { prompt, diagnostics } = await read(
      `---
name: reviewer
description: Reviews code
tags: [review]
capabilities: [code]
model: anthropic/claude-sonnet-4-5
max_steps: 12
tools: [read_file, grep]
config: {temperature: 0.2}
input:
  schema: {diff: "string, what changed"}
  default: {diff: ""}
run: {command: [node, review.mjs], timeout_ms: 1000}
---
{{role "system"}}You review.
{{role "user"}}{{#if diff}}{{diff}}{{else}}{{> partial}}{{/if}}
`,
    );
    expect(diagnostics).toEqual([]);
    expect(prompt).toEqual({
      name: 'reviewer',
      description: 'Reviews code',
      tags: ['review'],
      capabilities: ['code'],
      model: 'anthropic/claude-sonnet-4-5',
      maxSteps: 12,
      tools: ['read_file', 'grep'],
      inputSchema: {
        type: 'object',
        properties: { diff: { type: 'string', description: 'what changed', default: '' } },
        additionalProperties: false,
      },
      run: { command: ['node', 'review.mjs'], timeout_ms: 1000 },
      template: expect.stringMatching(/^\{\{role "system"\}\}You review\./),
    });
  });

  it('takes its name from the file, any line ending and a byte order mark', async () => {
    expect(
      (await read('\uFEFF---\r\ndescription: x\r\n---\r\nHello\r\n', 'agents/hello.prompt')).prompt,
    ).toMatchObject({
      name: 'hello',
      template: 'Hello\n',
    });
    expect((await read('---\n---\n')).prompt).toMatchObject({ name: 'a' });
  });

  it.each([
    ['Hello', 'agents/a.prompt:1:1: The file has no frontmatter.'],
    ['', 'agents/a.prompt:1:1: The file has no frontmatter.'],
    ['---\nname: a\nHello', 'agents/a.prompt:1:1: The frontmatter has no closing "---" line.'],
    ['---\nname: a\ntags: [x\n---\nHello', 'agents/a.prompt:3:9: '],
    ['---\nname: a\nname: b\n---\n', 'agents/a.prompt:3:1: The key name is there twice.'],
    ['---\nname: a.b\n---\n', 'agents/a.prompt:2:7: name cannot be "a.b". Use 1 to 64 letters'],
    [`---\nname: ${'x'.repeat(300)}\n---\n`, 'agents/a.prompt:2:7: name cannot be "xxx'],
    ['---\n- a\n---\n', 'agents/a.prompt:2:1: The document has to be a map of keys, not a list.'],
    ['---\nmax_steps: many\n---\n', 'agents/a.prompt:2:12: max_steps has to be a number, not "many".'],
    [
      '---\ndescripton: x\n---\n',
      'agents/a.prompt:2:1: The key descripton is not known. Did you mean description?',
    ],
    ['---\ninput:\n  schema: {a: nosuch}\n---\n', 'agents/a.prompt:3:11: The input schema cannot be used: '],
    ['---\na: &a [*a]\n---\n', 'agents/a.prompt:2:8: The alias *a stands inside its own anchor.'],
    ['---\nname: a\n---\nHi\n{{#if x}\n', 'agents/a.prompt:5:1: The template cannot be read: '],
    [
      '---\nname: a\n---\n{{#if x}}\n{{/each}}',
      "agents/a.prompt:4:1: The template cannot be read: if doesn't match each.",
    ],
    [
      `---\nname: a\n---\n${'{{#if x}}\n'.repeat(20_000)}`,
      'agents/a.prompt:54:1: Blocks are nested more than 50 deep.',
    ],
  ])('says what is wrong with %j', async (content, message) => {
    const diagnostics = await said(content);
    expect(diagnostics[0]?.slice(0, message.length)).toBe(message);
  });

  it('refuses a file name that cannot be a name', async () => {
    expect(await said('---\ndescription: x\n---\n', 'agents/my agent.prompt')).toEqual([
      'agents/my agent.prompt:2:1: The file name my agent cannot be the name of an agent. Add a name of 1 to 64 letters, digits, - or _ to the frontmatter.',
    ]);
  });

  it('never throws', async () => {
    const piece = fc.constantFrom(
      '---',
      '\n',
      '\n',
      'name: ',
      'a',
      'input:',
      ' schema: ',
      '{{',
      '}}',
      '#if',
      '/if',
      '[',
      '"',
      ': ',
      '{',
      '}',
      '&a ',
      '*a',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), fc.boolean(), async (parts, front) => {
        const { prompt, diagnostics } = await read(
          `${front ? '---\n' : ''}${parts.join('')}${front ? '\n---\n{{a}}' : ''}`,
        );
        expect(prompt === undefined).toBe(diagnostics.some((each) => each.severity === 'error'));
      }),
      { numRuns: 300 },
    );
  });
});
