// A small ACP agent in raw JSON lines; the text of the prompt says how it behaves.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

let nextId = 1;
let cancelled = false;
const waiting = new Map();
const write = (text) => new Promise((resolve) => process.stdout.write(text, resolve));
const send = (message) => write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const update = (value) => send({ method: 'session/update', params: { sessionId: 's1', update: value } });
const say = (text) => update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
const think = (text) => update({ sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text } });
const ask = (method, params) =>
  new Promise((resolve) => {
    const id = nextId++;
    waiting.set(id, resolve);
    void send({ id, method, params: { sessionId: 's1', ...params } });
  });
const permission = (toolCall) =>
  ask('session/request_permission', {
    toolCall,
    options: [
      { optionId: 'always', name: 'Always', kind: 'allow_always' },
      { optionId: 'once', name: 'Once', kind: 'allow_once' },
      { optionId: 'no', name: 'No', kind: 'reject_once' },
    ],
  });
const child = (script, options = {}) => {
  const started = spawn(process.execPath, ['-e', script], { stdio: 'ignore', ...options });
  started.unref();
  return started.pid;
};

const behaviours = {
  async work() {
    await update({
      sessionUpdate: 'plan',
      entries: [
        { content: 'Look', priority: 'high', status: 'completed' },
        { content: 'Change', priority: 'high', status: 'in_progress' },
      ],
    });
    await think('Let me ');
    await think('see.');
    await say('I look first.');
    const edit = { toolCallId: 't1', title: 'Edit a.txt', kind: 'edit', locations: [{ path: 'a.txt' }] };
    await update({ sessionUpdate: 'tool_call', ...edit, status: 'pending', rawInput: { path: 'a.txt' } });
    const { result } = await permission(edit);
    const allowed = result.outcome.optionId === 'once';
    if (allowed) {
      await ask('fs/write_text_file', { path: `${process.cwd()}/a.txt`, content: 'new\n' });
      await update({
        sessionUpdate: 'tool_call_update',
        toolCallId: 't1',
        status: 'completed',
        content: [{ type: 'diff', path: 'a.txt', oldText: 'old\n', newText: 'new\n' }],
      });
    } else await update({ sessionUpdate: 'tool_call_update', toolCallId: 't1', status: 'failed' });
    await say(allowed ? 'Done' : `Refused (${JSON.stringify(result.outcome)})`);
    await say('.');
  },
  async permissions(text) {
    const answers = [];
    for (const command of text.split('\n').slice(1)) {
      const toolCall = {
        toolCallId: `t${answers.length}`,
        title: command,
        kind: 'execute',
        rawInput: { command },
      };
      const { result } = await permission(toolCall);
      answers.push(result.outcome.optionId ?? result.outcome.outcome);
    }
    await say(answers.join(' '));
  },
  async files(text) {
    const said = [];
    for (const line of text.split('\n').slice(1)) {
      const [verb, path, line1, limit] = line.split(' ');
      const answer = await (verb === 'read'
        ? ask('fs/read_text_file', { path, ...(line1 ? { line: Number(line1), limit: Number(limit) } : {}) })
        : ask('fs/write_text_file', { path, content: 'written' }));
      said.push(answer.error?.message ?? answer.result.content ?? 'ok');
    }
    await say(said.join('\n'));
  },
  async terminal(text) {
    const [, command, ...args] = text.split('\n');
    const created = await ask('terminal/create', { command, args, cwd: process.cwd() });
    if (created.error) return say(created.error.message);
    const { terminalId } = created.result;
    const exit = await ask('terminal/wait_for_exit', { terminalId });
    const output = await ask('terminal/output', { terminalId });
    await ask('terminal/release', { terminalId });
    await say(`${JSON.stringify(exit.result)} ${output.result.output}`);
  },
  async environment() {
    await say(JSON.stringify(process.env));
  },
  async prompt(_text, params) {
    await say(JSON.stringify({ cwd: process.cwd(), prompt: params.prompt, session }));
  },
  async garbage() {
    await write('Starting up…\n{"half": \n\u0000\u0001\n[]\n42\n{"jsonrpc":"2.0","id":99,"result":{}}\n');
    await write(
      '{"jsonrpc":"2.0","method":"session/update","params":{"update":{"sessionUpdate":"tool_call"}}}\n',
    );
    await write('{"jsonrpc":"2.0","method":"session/update","params":7}\n{"jsonrpc":"1.0"}\n');
    await send({ id: 'x', method: 'session/request_permission', params: { wrong: true } });
    await send({ id: 'y', method: 'unknown/method', params: {} });
    await say('Still here.');
  },
  async flood(text) {
    const count = Number(text.split(' ')[1]);
    const line = `${JSON.stringify({ jsonrpc: '2.0', method: 'session/update', params: { sessionId: 's1', update: { sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text: 'x' } } } })}\n`;
    const block = line.repeat(1_000);
    for (let sent = 0; sent < count; sent += 1_000) await write(block);
    await say('Dry.');
  },
  async tools(text) {
    const count = Number(text.split(' ')[1]);
    for (let n = 0; n < count; n++)
      await update({ sessionUpdate: 'tool_call', toolCallId: `t${n}`, title: 'x', status: 'completed' });
    await say('Done.');
  },
  async wait() {
    await say('waiting');
    while (!cancelled) await new Promise((resolve) => setTimeout(resolve, 5));
    return 'cancelled';
  },
  async stubborn() {
    process.on('SIGTERM', () => undefined);
    const inside = child('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)');
    const outside = child('setInterval(() => {}, 1000)', { detached: true });
    await say(`children ${inside} ${outside}`);
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  },
  async silent() {
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  },
  async leave() {
    await say(`child ${child('setInterval(() => {}, 1000)', { detached: true })}`);
  },
  async eat() {
    globalThis.kept = Buffer.alloc(300 * 1024 ** 2, 1);
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  },
  async die() {
    process.stderr.write('out of luck\n');
    process.exit(3);
  },
  async refuse() {
    return 'refusal';
  },
  async error() {
    throw Object.assign(new Error('Internal'), { code: -32603, data: { why: 'broken' } });
  },
  async signin() {
    throw Object.assign(new Error('Authentication required'), { code: -32000 });
  },
  async long() {
    await write(`${'z'.repeat(17 * 1024 ** 2)}\n`);
    await say('After a long line.');
  },
};

let session;
const handlers = {
  initialize: async () => ({ protocolVersion: 1, agentCapabilities: { mcpCapabilities: { http: false } } }),
  async 'session/new'(params) {
    session = params;
    return {
      sessionId: 's1',
      modes: {
        currentModeId: 'code',
        availableModes: [
          { id: 'code', name: 'Code' },
          { id: 'plan', name: 'Plan' },
        ],
      },
    };
  },
  async 'session/set_mode'({ modeId }) {
    session.mode = modeId;
    return {};
  },
  async 'session/prompt'(params) {
    const text = params.prompt.at(-1).text;
    const stopReason = await behaviours[text.split(/\s/)[0]](text, params);
    return { stopReason: stopReason ?? 'end_turn' };
  },
};

if (process.argv[2] === 'rubbish') {
  setInterval(() => process.stdout.write('This is no protocol.\n'), 5);
} else {
  createInterface({ input: process.stdin }).on('line', async (line) => {
    const { id, method, params, result, error } = JSON.parse(line);
    if (method === 'session/cancel') cancelled = true;
    else if (method === undefined) {
      waiting.get(id)?.({ result, error });
      waiting.delete(id);
    } else {
      try {
        await send({ id, result: await handlers[method](params) });
      } catch (thrown) {
        const { code = -32603, message, data } = thrown;
        await send({ id, error: { code, message, data } });
      }
    }
  });
  process.stdin.on('end', () => {
    if (!process.argv.includes('stay')) process.exit(0);
  });
}
