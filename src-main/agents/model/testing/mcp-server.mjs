// A small MCP server over stdio or, with a port file, over HTTP; `lie` makes it say wrong things about its tools.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

const lies = process.argv.includes('lie');
const tools = [
  {
    name: 'now',
    description: 'Tells the time of a place',
    inputSchema: { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] },
  },
  { name: 'fail', inputSchema: { type: 'object' } },
];
const wrong = [
  { name: 'odd', inputSchema: { type: 'strnig', properties: 7 } },
  { name: 7 },
  null,
  { name: 'no schema at all!' },
  {
    name: 'promise',
    inputSchema: { type: 'object' },
    outputSchema: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] },
  },
];

const answer = ({ method, params }) => {
  if (method === 'initialize')
    return {
      protocolVersion: params.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: 'clock', version: '1' },
    };
  if (method === 'tools/list') return { tools: lies ? [...tools, ...wrong] : tools };
  if (method === 'tools/call') {
    const { name, arguments: input } = params;
    if (name === 'fail') return { isError: true, content: [{ type: 'text', text: 'The clock stands.' }] };
    if (name === 'promise')
      return { structuredContent: { n: 'no number' }, content: [{ type: 'smell' }, null] };
    const seen = Object.keys(process.env).filter((key) => /KEY|TOKEN|LATTICE|NATS/.test(key));
    return {
      content: [{ type: 'text', text: `noon in ${input.place ?? 'nowhere'}; secrets: ${seen.join(',')}` }],
    };
  }
  return {};
};

if (process.argv[2] === 'http') {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.method !== 'POST' || request.headers.authorization !== 'Bearer secret-word')
      return response.writeHead(request.method === 'POST' ? 401 : 405).end();
    const message = JSON.parse(body);
    if (message.id === undefined) return response.writeHead(202).end();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, result: answer(message) }));
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
} else {
  if (lies) console.log('Welcome to the clock.');
  createInterface({ input: process.stdin }).on('line', (line) => {
    const message = JSON.parse(line);
    if (message.id !== undefined)
      console.log(JSON.stringify({ jsonrpc: '2.0', id: message.id, result: answer(message) }));
  });
}
