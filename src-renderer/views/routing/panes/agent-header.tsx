import { HardDrive } from 'lucide-react';
import type { ReactNode } from 'react';
import type { DraftAgent } from '../../../../src-shared/routing-editor/draft-reading.ts';
import { Button } from '../../../ui/button.tsx';
import { Segment } from '../../../ui/segment.tsx';
import { Tag } from '../../../ui/tag.tsx';
import type { RoutingTarget } from '../state/agent-actions.ts';
import { makeLocal } from '../state/draft-actions.ts';
import { type AgentPart, useDraft } from '../state/draft-store.ts';
import { Description, PromptFile, Triggers } from './agent-facts.tsx';
import { AgentMenu } from './agent-menu.tsx';
import { AgentTitle } from './agent-title.tsx';

const PARTS: readonly { value: AgentPart; label: string }[] = [
  { value: 'routing', label: 'Routing' },
  { value: 'run', label: 'Run' },
  { value: 'settings', label: 'Settings' },
];

/** What is edited below: an agent with its name, triggers, prompt and description, or the defaults. */
export function AgentHeader(props: { agent: DraftAgent | undefined; target: RoutingTarget }): ReactNode {
  const { agent, target } = props;
  const part = useDraft((state) => state.part);
  const missing = useDraft((state) =>
    agent === undefined ? undefined : state.files?.missing_prompts[agent.name],
  );
  const showsRouting = agent === undefined || part === 'routing';
  return (
    <>
      <div className="flex min-h-24 flex-wrap items-center gap-8">
        {agent === undefined ? (
          <h2 className="text-heading text-1">Defaults</h2>
        ) : (
          <AgentTitle key={agent.name} agent={agent} />
        )}
        {agent !== undefined && <Triggers key={`triggers of ${agent.name}`} agent={agent} />}
        {showsRouting && target.scope !== 'project' && (
          <Tag tone="run">{target.scope === 'local' ? 'lattice.local.yaml' : 'Your own file'}</Tag>
        )}
        <span className="ml-auto flex items-center gap-8 text-small text-2">
          {agent !== undefined && (
            <PromptFile key={`prompt of ${agent.name}`} agent={agent} missing={missing} />
          )}
          {showsRouting && target.scope === 'project' && target.routing !== null && (
            <Button
              size="small"
              variant="plain"
              icon={HardDrive}
              onClick={() => makeLocal([...target.path], target.scope)}
            >
              Move to local
            </Button>
          )}
          {agent !== undefined && <AgentMenu name={agent.name} />}
        </span>
      </div>
      {agent !== undefined && (
        <div className="-mt-6 flex flex-wrap items-center gap-x-16 gap-y-6">
          <Description key={`description of ${agent.name}`} agent={agent} />
          <span className="ml-auto">
            <Segment
              label="Part of the agent"
              value={part}
              onChange={(next) => useDraft.setState({ part: next })}
              options={PARTS}
            />
          </span>
        </div>
      )}
    </>
  );
}
