// Looks at a text. Context: {"text": "…", "top": 5, "ignore_case": true}; without a text the task is the text.
import { createInterface } from 'node:readline';

const WORDS_PER_MINUTE = 220;

for await (const line of createInterface({ input: process.stdin })) {
  const { task, context } = JSON.parse(line);
  console.log(analyse(context.text || task, context.top ?? 5, context.ignore_case ?? true));
  break;
}
process.exit(0);

function analyse(text, top, ignoreCase) {
  const words = text.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu) ?? [];
  const sentences = text.split(/[.!?…]+(?=\s|$)/u).filter((part) => /[\p{L}\p{N}]/u.test(part));
  const counts = new Map();
  for (const word of words) {
    const key = ignoreCase ? word.toLowerCase() : word;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const frequent = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, top);
  const seconds = Math.ceil((words.length / WORDS_PER_MINUTE) * 60);
  return [
    `Characters    ${[...text].length}`,
    `Words         ${words.length} (${counts.size} different)`,
    `Sentences     ${sentences.length}`,
    `Reading time  ${seconds < 60 ? `${seconds} s` : `${Math.round(seconds / 60)} min`}`,
    ...(frequent.length > 0 ? ['', 'Most frequent'] : []),
    ...frequent.map(([word, count]) => `${String(count).padStart(6)}  ${word}`),
  ].join('\n');
}
