/** Asks a person with choices, and tells how far it is. */
const ASKER = `
import { createInterface } from 'node:readline';

const say = (message) => console.log(JSON.stringify(message));
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const hear = async () => JSON.parse((await lines.next()).value);

const { task } = await hear();
console.log('First of all: ' + task);
say({ type: 'progress', percent: 25, step: 1, of: 2, message: 'waiting for a colour' });
say({ type: 'question', id: 'colour', text: 'Which colour?', choices: ['Red', 'Blue'] });
const { answer } = await hear();
say({ type: 'progress', percent: 75, step: 2, of: 2, message: 'painting' });
say({ type: 'output', text: 'Painting it ' + answer + '\\n' });
say({ type: 'result', result: 'Painted ' + answer });
process.exit(0);
`;

/** Notes that it began, forks, and hears neither SIGTERM nor the end of its station. */
const SLEEPER = `
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';

process.on('SIGTERM', () => {});
writeFileSync('began-' + process.env.LATTICE_WORK_ID, '');
const deaf = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);";
const child = spawn(process.execPath, ['-e', deaf], { stdio: 'ignore' });
console.log('Processes ' + process.pid + ' ' + child.pid);
setInterval(() => {}, 1000);
`;

/** Waits until the file \`go\` is there, or its station is gone. */
const WAITER = `
import { existsSync } from 'node:fs';

process.stdin.resume().on('end', () => process.exit(1));
console.log('Waiting in attempt ' + process.env.LATTICE_ATTEMPT);
setInterval(() => {
  if (!existsSync('go')) return;
  console.log(JSON.stringify({ type: 'result', result: 'Went in attempt ' + process.env.LATTICE_ATTEMPT }));
  process.exit(0);
}, 50);
`;

/** Is done at once. */
const HERALD = `
console.log(JSON.stringify({ type: 'result', result: 'Greetings from ' + process.cwd() }));
process.exit(0);
`;

/** Ends with an error. */
const FAILER = `
console.log('Trying');
console.error('The disk is full');
process.exit(3);
`;

const PROGRAMS = {
  asker: ASKER,
  sleeper: SLEEPER,
  waiter: WAITER,
  herald: HERALD,
  latecomer: ASKER,
  failer: FAILER,
} as const;

/** The files of a project that offers these of the test agents, each once at a time. */
export function projectWith(...names: (keyof typeof PROGRAMS)[]): Record<string, string> {
  const agents = names.flatMap((name) => [
    `  ${name}:`,
    `    description: The ${name} of the test`,
    '    run:',
    `      command: [node, ./agents/${name}.mjs]`,
    '      max_parallel: 1',
  ]);
  return {
    'lattice.yaml': ['name: test-agents', 'version: 0.1.0', 'agents:', ...agents, ''].join('\n'),
    ...Object.fromEntries(names.map((name) => [`agents/${name}.mjs`, PROGRAMS[name]])),
  };
}
