import { createInterface } from 'node:readline/promises';
import { LatticeError } from '../src-shared/errors.ts';
import { paint } from './output.ts';
import { safeText } from './safe-text.ts';

interface Question {
  text: string;
  choices: readonly string[];
}

/** Asks the person at this terminal, one question after the other. */
export class TerminalQuestions {
  #turn: Promise<unknown> = Promise.resolve();

  /** Resolves with the choice or the text given. @throws LatticeError `unsupported` where nobody is at the terminal. */
  ask(question: Question, signal: AbortSignal): Promise<string> {
    if (process.stdin.isTTY !== true || process.stderr.isTTY !== true)
      return Promise.reject(
        new LatticeError('unsupported', 'Nobody is at the terminal to answer.', {
          hint: 'Run it in a terminal, or say under permissions: what is allowed.',
        }),
      );
    const answer = this.#turn.then(() => prompt(question, signal));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }
}

async function prompt({ text, choices }: Question, signal: AbortSignal): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const list = choices.map((choice, index) => `  ${index + 1}  ${safeText(choice)}\n`).join('');
    process.stderr.write(`${paint('bold', safeText(text))}\n${list}`);
    for (;;) {
      const said = (await reader.question('> ', { signal })).trim();
      const chosen =
        choices[Number(said) - 1] ?? choices.find((each) => each.toLowerCase() === said.toLowerCase());
      if (chosen !== undefined) return chosen;
      if (choices.length === 0 && said !== '') return said;
    }
  } finally {
    reader.close();
  }
}
