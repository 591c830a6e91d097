import { type ReactNode, useState } from 'react';
import type { DraftAgent } from '../../../../src-shared/routing-editor/draft-reading.ts';
import { Input } from '../../../ui/input.tsx';
import { renameAgent } from '../state/agent-actions.ts';

const NAME = /^[a-z0-9][a-z0-9_-]*$/i;

/** The name of an agent; a double click, or Enter on it, renames it in place. */
export function AgentTitle({ agent }: { agent: DraftAgent }): ReactNode {
  const [name, setName] = useState<string>();
  if (name === undefined) {
    return (
      <h2 className="text-heading text-1">
        <button
          type="button"
          className="rounded-hint"
          title="Double click to rename"
          aria-label={`${agent.name}, rename`}
          onDoubleClick={() => setName(agent.name)}
          onKeyDown={(event) => (event.key === 'Enter' || event.key === 'F2') && setName(agent.name)}
        >
          {agent.name}
        </button>
      </h2>
    );
  }
  const done = () => {
    const wanted = name.trim();
    if (wanted === agent.name || !NAME.test(wanted) || renameAgent(agent.name, wanted)) setName(undefined);
  };
  return (
    <span className="w-200">
      <Input
        autoFocus
        value={name}
        aria-label="Name of the agent"
        aria-invalid={!NAME.test(name.trim())}
        onValueChange={setName}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === 'Enter') done();
          if (event.key === 'Escape') setName(undefined);
        }}
      />
    </span>
  );
}
