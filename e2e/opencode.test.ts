import { dirname } from 'node:path';
import { describe } from 'vitest';
import { codingAgentSuite } from './coding-agent-suite.ts';

const opencode = process.env.LATTICE_OPENCODE ?? '';

describe.runIf(opencode !== '')('OpenCode', () => {
  codingAgentSuite({
    runtime: 'opencode',
    binDir: dirname(opencode),
    format: 'chat',
    process: 'opencode acp',
    tools: {
      write: (filePath, content) => ({ name: 'write', arguments: { filePath, content } }),
      execute: (command) => ({ name: 'bash', arguments: { command, description: 'Runs it' } }),
    },
  });
});
