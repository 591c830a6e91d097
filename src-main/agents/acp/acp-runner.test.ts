import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noticesOf, runFakeAgent, textOf } from './testing/acp-run.ts';

let root: string;
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'lattice-acp-')));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

describe('AcpRunner', () => {
  it('tells plan, thoughts, text, tool calls and diffs, and edits when it may', async () => {
    await writeFile(join(root, 'a.txt'), 'old\n');
    const { outcome, activities, questions } = await runFakeAgent({
      root,
      task: 'work',
      controls: { ask: async ({ choices }) => choices[0] ?? '' },
    });
    expect(outcome).toEqual({ status: 'completed', result: 'Done.' });
    expect(questions).toEqual(['architect wants to change a.txt (Edit a.txt)']);
    expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('new\n');
    expect(activities).toContainEqual({
      kind: 'plan',
      entries: [
        { text: 'Look', status: 'done' },
        { text: 'Change', status: 'running' },
      ],
    });
    expect(textOf(activities, 'thought')).toBe('Let me see.');
    expect(textOf(activities)).toBe('I look first.Done.');
    expect(activities.filter(({ kind }) => kind === 'tool').at(-1)).toEqual({
      kind: 'tool',
      id: 't1',
      title: 'Edit a.txt',
      tool_kind: 'edit',
      status: 'completed',
      input: { path: 'a.txt' },
      diffs: [{ path: 'a.txt', before: 'old\n', after: 'new\n' }],
      files: ['a.txt'],
    });
  });

  it('leaves files alone when a person says no, and shows the call as refused', async () => {
    await writeFile(join(root, 'a.txt'), 'old\n');
    const { outcome, activities } = await runFakeAgent({ root, task: 'work' });
    expect(outcome).toMatchObject({ status: 'completed', result: expect.stringContaining('"no"') });
    expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('old\n');
    expect(activities.filter(({ kind }) => kind === 'tool').at(-1)).toMatchObject({ status: 'refused' });
  });

  it('asks by policy, and remembers "always" for the same command only', async () => {
    const commands = ['npm test', 'npm test', 'npm run x', 'git status', 'rm -rf /', 'git log; rm x'];
    const { outcome, questions } = await runFakeAgent({
      root,
      task: ['permissions', ...commands].join('\n'),
      run: {
        permissions: { otherwise: 'ask', allow: ['execute:git *'], deny: ['execute:rm *'] },
      },
      controls: {
        ask: async ({ text }) => (text.includes('npm test') ? 'Allow always for this work' : 'Deny'),
      },
    });
    expect(outcome).toEqual({ status: 'completed', result: 'once once no once no no' });
    expect(questions.map((text) => text.replace('architect wants to run ', ''))).toEqual([
      'npm test',
      'npm run x',
      'git log; rm x',
    ]);
  });

  it('denies and says so where nobody can be asked', async () => {
    const { outcome, activities } = await runFakeAgent({
      root,
      task: 'permissions\nls',
      controls: { ask: () => Promise.reject(new Error('A direct call cannot ask a question.')) },
    });
    expect(outcome).toEqual({ status: 'completed', result: 'no' });
    expect(noticesOf(activities)).toContain(
      'Nobody could be asked, so it was denied: A direct call cannot ask a question.',
    );
  });

  it('gives folder, prompt, context, mode and servers to the session, each in its place', async () => {
    const { outcome, activities } = await runFakeAgent({
      root,
      task: 'prompt me',
      context: { language: 'German' },
      run: {
        mode: 'plan',
        prompt: { kind: 'markdown', text: '---\ndescription: x\n---\nYou plan.' },
        mcp: [
          { name: 'clock', start: { kind: 'stdio', command: ['clock', '-s'], env: { A: 'b' } } },
          { name: 'far', start: { kind: 'http', url: 'http://127.0.0.1:1/mcp', headers: {} } },
        ],
      },
    });
    const said = JSON.parse(outcome.status === 'completed' ? outcome.result : '{}');
    expect(said.cwd).toBe(root);
    expect(said.session).toMatchObject({
      cwd: root,
      mode: 'plan',
      mcpServers: [{ name: 'clock', command: 'clock', args: ['-s'], env: [{ name: 'A', value: 'b' }] }],
    });
    expect(said.prompt.map(({ text }: { text: string }) => text)).toEqual([
      'Your instructions:\n\nYou plan.',
      expect.stringContaining('"language": "German"'),
      'prompt me',
    ]);
    expect(noticesOf(activities)).toContain(
      'The runtime cannot use the server far: it takes none over HTTP.',
    );
  });

  it('refuses a mode the runtime does not have', async () => {
    const { outcome } = await runFakeAgent({ root, task: 'work', run: { mode: 'read-only' } });
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'invalid_input', hint: 'It has code, plan.' },
    });
  });

  it('runs commands in a terminal without a key, and shows their output', async () => {
    const { outcome, activities } = await runFakeAgent({
      root,
      task: 'terminal\nsh\n-c\necho "key=$OPENAI_API_KEY"; pwd; exit 3',
      run: { permissions: { otherwise: 'allow', allow: [], deny: [] } },
    });
    const result = outcome.status === 'completed' ? outcome.result : '';
    expect(result).toContain('{"exitCode":3,"signal":null}');
    expect(result).toContain(`key=\n${root}`);
    expect(activities.map((each) => (each.kind === 'terminal' ? each.text : '')).join('')).toContain(root);
  });

  it('runs no command that is denied', async () => {
    const { outcome } = await runFakeAgent({ root, task: 'terminal\ntouch\nnever' });
    expect(outcome).toEqual({ status: 'completed', result: 'It is not allowed to run touch never.' });
    await expect(readFile(join(root, 'never'))).rejects.toThrow('ENOENT');
  });
});
