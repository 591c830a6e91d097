import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const SCRIPT = `#!/usr/bin/env node
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
const args = process.argv.slice(2).filter((arg) => !['--no-pager', '--color', 'never'].includes(arg));
const home = process.env.HOME;
appendFileSync(home + '/calls', JSON.stringify({ args, cwd: process.cwd() }) + '\\n');
const answers = JSON.parse(readFileSync(home + '/answers.json', 'utf8'));
const line = args.join(' ');
if (line.startsWith('op log')) {
  const calls = readFileSync(home + '/calls', 'utf8').split('\\n').length;
  process.stdout.write(String(calls).padStart(12, '0'));
} else if (args[0] === 'root') process.stdout.write(home + '/project\\n');
else if (line.startsWith('workspace add')) mkdirSync(args[2]);
const answer = Object.entries(answers).find(([start]) => line.startsWith(start))?.[1];
if (answer?.fails) {
  process.stderr.write(answer.fails);
  process.exit(1);
}
process.stdout.write(answer ?? '');
`;

/** A stand-in for jj on a PATH of its own: it writes down each call and answers what a test set. */
export interface FakeJj {
  projectDir: string;
  environment: NodeJS.ProcessEnv;
  /** What it answers to commands that begin like this; `fails` goes to stderr with exit code 1. */
  answer(answers: Record<string, string | { fails: string }>): void;
  calls(): { args: string[]; cwd: string }[];
  remove(): void;
}

export function fakeJj(): FakeJj {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'lattice-jj-')));
  const projectDir = join(home, 'project');
  mkdirSync(join(projectDir, '.jj'), { recursive: true });
  mkdirSync(join(home, 'bin'));
  writeFileSync(join(home, 'bin', 'package.json'), '{"type":"module"}');
  writeFileSync(join(home, 'bin', 'jj'), SCRIPT);
  chmodSync(join(home, 'bin', 'jj'), 0o755);
  const answer = (answers: Record<string, string | { fails: string }>) =>
    writeFileSync(join(home, 'answers.json'), JSON.stringify(answers));
  answer({});
  return {
    projectDir,
    environment: { PATH: `${join(home, 'bin')}${delimiter}${process.env.PATH}`, HOME: home },
    answer,
    calls: () =>
      readFileSync(join(home, 'calls'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}
