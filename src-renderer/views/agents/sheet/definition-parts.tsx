import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useMemo } from 'react';
import type { AgentDefinitionView } from '../../../../src-shared/views/agent-definition.ts';
import type { AgentView } from '../../../../src-shared/views/mesh.ts';
import { useAnswer } from '../../../data/queries.ts';
import { Code } from '../../../ui/code.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { duration } from '../../../ui/format.ts';
import { RegionHead } from '../../../ui/page.tsx';
import { readForm } from '../logic/read-form.ts';
import { fieldsOf, initialValues } from '../logic/schema-form.ts';
import { useRunDraft } from '../run-drafts.ts';
import { Fact } from './fact.tsx';

const STRATEGIES: Readonly<Record<string, string>> = {
  fallback: 'The first that can be used',
  pattern: 'In a fixed pattern',
  round_robin: 'Round robin',
  weighted: 'By weight',
  burst: 'Many cheap calls, then a final one',
  least_cost: 'The cheapest',
  lowest_latency: 'The fastest',
};
const OTHERWISE = { ask: 'Asks before the rest', allow: 'Allows the rest', deny: 'Denies the rest' } as const;

function RuntimeFact({ runtime }: { runtime: NonNullable<AgentDefinitionView['runtime']> }): ReactNode {
  const { title, state, version, hint } = runtime;
  return (
    <Fact name="Runtime">
      {title} {version !== undefined && <Code>{version}</Code>}
      {(state === 'missing' || state === 'broken') && (
        <span className="block text-small text-late">
          {state === 'missing' ? 'Not installed on this machine.' : 'Does not start on this machine.'} {hint}
        </span>
      )}
    </Fact>
  );
}

function Patterns({ name, patterns }: { name: string; patterns: readonly string[] }): ReactNode {
  if (patterns.length === 0) return null;
  return (
    <span className="block">
      {name}{' '}
      {patterns.map((pattern) => (
        <span key={pattern} className="mr-6">
          <Code>{pattern}</Code>
        </span>
      ))}
    </span>
  );
}

function limitsText(sandbox: NonNullable<AgentDefinitionView['sandbox']>): string {
  return [
    sandbox.workspace === undefined
      ? undefined
      : `works in ${WORKSPACES[sandbox.workspace] ?? sandbox.workspace}`,
    sandbox.timeout_ms === undefined ? undefined : `stops after ${duration(sandbox.timeout_ms)}`,
    sandbox.memory_mb === undefined ? undefined : `${sandbox.memory_mb} MB of memory`,
    sandbox.processes === undefined ? undefined : `${sandbox.processes} processes`,
    sandbox.network ? undefined : 'no network',
    sandbox.environment.length === 0 ? undefined : `sees ${sandbox.environment.join(', ')}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

const WORKSPACES: Readonly<Record<string, string>> = {
  project: 'the project folder',
  worktree: 'a worktree of its own',
  temporary: 'a temporary folder',
};

function Prompt({ prompt }: { prompt: NonNullable<AgentDefinitionView['prompt']> }): ReactNode {
  const text = [prompt.system, ...prompt.messages].filter((part) => part !== '').join('\n\n');
  return (
    <section aria-label="Prompt" className="flex flex-col">
      <RegionHead title="Prompt" meta="as a model gets it, before the task">
        {text !== '' && <CopyButton text={text} label="Copy the prompt" size={24} />}
      </RegionHead>
      {prompt.error === undefined ? (
        <pre className="takeable bg-inset px-20 py-10 font-mono text-mono whitespace-pre-wrap text-2">
          {text}
        </pre>
      ) : (
        <p className="px-20 py-10 text-small text-fail">{prompt.error}</p>
      )}
    </section>
  );
}

/** What only its own station knows of an agent: where it is defined, runtime, routing, permissions and its prompt. */
export function DefinitionParts({ agent }: { agent: AgentView }): ReactNode {
  const [draft] = useRunDraft(agent.name);
  const client = useQueryClient();
  const { digest } = agent;
  // The answer is kept until something changes, and the digest is what says so.
  useEffect(() => {
    if (digest !== '') void client.invalidateQueries({ queryKey: ['agents.definition'] });
  }, [client, digest]);
  const context = useMemo(() => {
    const fields = fieldsOf(agent.input_schema);
    return readForm(fields, { ...initialValues(fields), ...draft.values }).context;
  }, [agent.input_schema, draft.values]);
  const { data } = useAnswer('agents.definition', { agent: agent.name, context });
  if (data === undefined) return null;
  const { permissions, sandbox } = data;
  const limits = sandbox === undefined ? '' : limitsText(sandbox);
  return (
    <>
      <section aria-label="On this machine" className="mb-12">
        <RegionHead title="On this machine" />
        <dl className="flex flex-col gap-8 px-20 pt-12">
          <Fact name="Defined in">
            <Code>{data.source}</Code>
          </Fact>
          {data.triggers.length > 0 && (
            <Fact name="Triggers">
              {data.triggers.map((trigger) => (
                <span key={trigger} className="mr-6">
                  <Code>{trigger}</Code>
                </span>
              ))}
            </Fact>
          )}
          {data.runtime !== undefined && <RuntimeFact runtime={data.runtime} />}
          {data.routing !== undefined && (
            <Fact name="Chooses">
              {STRATEGIES[data.routing.strategy] ?? data.routing.strategy}
              {data.routing.sticky && <span className="text-3">, the same for a whole work</span>}
            </Fact>
          )}
          {permissions !== undefined && (
            <Fact name="Tools">
              <Patterns name="Allows" patterns={permissions.allow} />
              <Patterns name="Denies" patterns={permissions.deny} />
              {OTHERWISE[permissions.otherwise]}
            </Fact>
          )}
          {limits !== '' && <Fact name="Limits">{limits.charAt(0).toUpperCase() + limits.slice(1)}</Fact>}
        </dl>
      </section>
      {data.prompt !== undefined && <Prompt prompt={data.prompt} />}
    </>
  );
}
