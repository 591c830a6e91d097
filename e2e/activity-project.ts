/** Tells what a coding agent would tell, typed, and asks before it edits. */
const CODER = `
import { createInterface } from 'node:readline';

const say = (message) => console.log(JSON.stringify(message));
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const hear = async () => JSON.parse((await lines.next()).value);
const tell = (activity) => say({ type: 'activity', activity });
const plan = (...states) =>
  tell({
    kind: 'plan',
    entries: ['Read the failing test', 'Find the race', 'Fix the clock', 'Run the tests'].map((text, index) => ({
      text,
      status: states[index] ?? 'pending',
    })),
  });
const call = (id, more) =>
  tell({
    kind: 'model_call',
    id,
    model: 'anthropic/claude-sonnet-4-5',
    provider: 'anthropic',
    reason: 'Slot 2 of 5 in the pattern.',
    passed_over: [],
    started_at: new Date().toISOString(),
    ...more,
  });

await hear();
plan('running');
call('c1', { status: 'running' });
tell({ kind: 'text', id: 't1', role: 'thought', text: 'The test fails only at midnight, so I look for a clock.' });
for (const text of ['I read the test ', 'first. It **fails only** around midnight:\\n\\n', '- the session ends at 24:00\\n- the test asks for 00:00\\n\\n', 'See [the report](https://example.org/report) and \`src/clock.ts\`.\\n'])
  tell({ kind: 'text', id: 'a1', role: 'answer', text });
call('c1', { status: 'ok', input_tokens: 1204, output_tokens: 88, usd: 0.0049, first_token_ms: 410, duration_ms: 2300 });
tell({ kind: 'tool', id: 'r1', title: 'Read src/login.test.ts', tool_kind: 'read', status: 'completed', input: { path: 'src/login.test.ts' }, output: 'it("logs in", () => {})' });
plan('done', 'done', 'running');
say({ type: 'question', id: 'q1', text: 'Edit src/clock.ts?\\nThe agent wants to change one file.', choices: ['Allow once', 'Allow always for this work', 'Deny'] });
const { answer } = await hear();
tell({
  kind: 'tool',
  id: 'e1',
  title: 'Edit src/clock.ts',
  tool_kind: 'edit',
  status: answer === 'Deny' ? 'refused' : 'completed',
  input: { path: 'src/clock.ts' },
  diffs: [{ path: 'src/clock.ts', before: 'export const now = () => new Date();\\nexport const zone = "UTC";\\n', after: 'export const now = (at = Date.now()) => new Date(at);\\nexport const zone = "UTC";\\n' }],
});
plan('done', 'done', 'done', 'running');
tell({ kind: 'tool', id: 'x1', title: 'npm test', tool_kind: 'execute', status: 'running', input: { command: 'npm test' } });
for (let n = 1; n <= 4; n++) tell({ kind: 'terminal', id: 'x', tool: 'x1', text: 'ok ' + n + ' logs in\\n' });
tell({ kind: 'tool', id: 'x1', title: 'npm test', tool_kind: 'execute', status: 'completed', input: { command: 'npm test' }, output: '4 passed' });
call('c2', {
  status: 'ok',
  model: 'openai/gpt-5.2',
  provider: 'openai',
  reason: 'Next after a rate limit.',
  passed_over: [{ model: 'anthropic/claude-sonnet-4-5', reason: 'Rate limited for 20 s more.' }],
  input_tokens: 2210,
  output_tokens: 41,
  usd: 0.0044,
  estimated: true,
  duration_ms: 1400,
});
tell({ kind: 'notice', level: 'warning', text: 'Memory is not limited on this machine.' });
plan('done', 'done', 'done', 'done');
tell({ kind: 'text', id: 'a2', role: 'answer', text: 'All four tests pass now. <script>alert(1)</script>\\n\\n\`\`\`ts\\nexport const now = (at = Date.now()) => new Date(at);\\n\`\`\`\\n' });
say({ type: 'result', result: 'Fixed the clock: ' + answer });
process.exit(0);
`;

/** The files of a project with one agent, \`coder\`. */
export const activityProject: Readonly<Record<string, string>> = {
  'lattice.yaml': `name: test-agents
version: 0.1.0
agents:
  coder:
    description: Tells what it does
    run:
      command: [node, ./agents/coder.mjs]
`,
  'agents/coder.mjs': CODER,
};
