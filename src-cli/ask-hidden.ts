import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { LatticeError } from '../src-shared/errors.ts';

/** Asks the person at the terminal for something that is not shown while it is typed. @throws LatticeError `cancelled`. */
export function askHidden(question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  process.stderr.write(question);
  return new Promise((resolve, reject) => {
    terminal.once('line', (line) => {
      resolve(line.trim());
      terminal.close();
    });
    terminal.once('SIGINT', () => terminal.close());
    terminal.once('close', () => {
      process.stderr.write('\n');
      reject(new LatticeError('cancelled', 'Nothing was given.'));
    });
  });
}
