import { loose } from './formats/loose.ts';

/** Characters of a token, as text in several languages and code come to about that. */
const CHARACTERS_PER_TOKEN = 4;
const TOKENS_PER_IMAGE = 1_000;
/** Text without a space that is this long is a file and not words. */
const LONGEST_WORD = 2_000;

/** The tokens that text is thought to be. */
export function estimateTokens(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

/** The tokens of input that a request is thought to be: all of its text, and a fixed number for each image. */
export function estimateInput(body: Readonly<Record<string, unknown>>): number {
  let characters = 0;
  let images = 0;
  const add = (value: unknown) => {
    if (typeof value === 'string') {
      if (isFile(value)) images++;
      else characters += value.length;
    } else if (Array.isArray(value)) value.forEach(add);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(add);
  };
  for (const key of ['system', 'instructions', 'messages', 'input', 'tools']) add(body[key]);
  return estimateTokens(characters) + images * TOKENS_PER_IMAGE;
}

/** What a request says of its longest answer, in tokens. */
export function requestedOutput(body: Readonly<Record<string, unknown>>): number | undefined {
  const { max_tokens, max_completion_tokens, max_output_tokens } = loose(body);
  const limit = max_completion_tokens ?? max_output_tokens ?? max_tokens;
  return typeof limit === 'number' && limit >= 0 ? limit : undefined;
}

function isFile(value: string): boolean {
  return (
    value.startsWith('data:') || (value.length > LONGEST_WORD && !/\s/.test(value.slice(0, LONGEST_WORD)))
  );
}
