// Greets somebody. Reads one JSON line from stdin: {"task": "…", "context": {"who", "language"}}.
import { createInterface } from 'node:readline';

const HELLO = { english: 'Hello', german: 'Hallo', french: 'Bonjour', spanish: 'Hola', japanese: 'こんにちは' };

for await (const line of createInterface({ input: process.stdin })) {
  const { context } = JSON.parse(line);
  const hello = HELLO[context.language] ?? HELLO.english;
  console.log(`${hello}, ${context.who ?? 'world'}`);
  break;
}
process.exit(0);
