import { describe } from 'vitest';
import { codingAgentSuite } from './coding-agent-suite.ts';

const binDir = process.env.LATTICE_CODING_AGENTS ?? '';

describe('Claude Code', () => {
  codingAgentSuite({
    runtime: 'claude',
    binDir,
    format: 'messages',
    process: 'claude-agent-acp',
    tools: {
      write: (file_path, content) => ({ name: 'Write', arguments: { file_path, content } }),
      execute: (command) => ({ name: 'Bash', arguments: { command, description: 'Runs it' } }),
    },
  });
});

describe('Codex', () => {
  codingAgentSuite({
    runtime: 'codex',
    binDir,
    format: 'responses',
    process: 'codex-acp',
    tools: {
      write: (path, content) => ({
        name: 'exec_command',
        arguments: {
          cmd: `apply_patch <<'EOF'\n*** Begin Patch\n*** Add File: ${path}\n+${content}\n*** End Patch\nEOF\n`,
        },
      }),
      execute: (cmd) => ({
        name: 'exec_command',
        arguments: { cmd, sandbox_permissions: 'require_escalated', justification: 'Runs it' },
      }),
    },
  });
});
