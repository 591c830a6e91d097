import { GitFork } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import type { AgentRouting } from '../../../../src-shared/routing/document.ts';
import type { DraftAgent } from '../../../../src-shared/routing-editor/draft-reading.ts';
import { shortModel } from '../../../../src-shared/routing-editor/model-words.ts';
import { nextCalls, type PreviewBasis } from '../../../../src-shared/routing-editor/preview.ts';
import { noStress } from '../../../../src-shared/routing-editor/stress.ts';
import { Banner } from '../../../ui/banner.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { ShareBar } from '../pictures/bars.tsx';
import { AgentSettingsForm } from '../sections/agent-settings-form.tsx';
import { RunForm } from '../sections/run-form.tsx';
import { gesture, targetOf } from '../state/agent-actions.ts';
import { select } from '../state/draft-actions.ts';
import { useDraft } from '../state/draft-store.ts';
import { modelsOfReading, useRecentShares } from '../state/use-basis.ts';
import { AgentHeader } from './agent-header.tsx';
import { Picture } from './picture.tsx';
import { StrategyBar } from './strategy-bar.tsx';
import { StrategyOptions } from './strategy-options.tsx';

/** An agent, or the defaults: the routing as a picture that is its editor, how it runs, or its settings. */
export function StrategyPane(props: { agent: DraftAgent | undefined; basis: PreviewBasis }): ReactNode {
  const { agent, basis } = props;
  const reading = useDraft((state) => state.reading);
  const selected = useDraft((state) => state.selected);
  const part = useDraft((state) => state.part);
  const defaults = reading?.defaults;
  const routing = useMemo<AgentRouting | undefined>(() => {
    if (agent === undefined)
      return defaults && { name: '', triggers: [], plan: defaults, byDefault: false, caps: [] };
    return (
      basis.document.agents.find(({ name }) => name === agent.name) ?? {
        name: agent.name,
        triggers: agent.triggers,
        plan: agent.plan,
        byDefault: agent.byDefault,
        caps: [],
      }
    );
  }, [agent, defaults, basis]);
  const preview = useMemo(
    () => (routing === undefined ? undefined : nextCalls(basis, routing, { count: 1, stress: noStress })),
    [routing, basis],
  );
  const models = useMemo(() => modelsOfReading(reading), [reading]);
  if (routing === undefined || preview === undefined) return null;
  const { plan } = routing;
  const target = targetOf(agent);
  const prefix = target.path.length;
  const isEmpty = plan.models.every(({ name }) => name === '');
  const isUnset = isEmpty && target.routing === null;
  const pictureProps = {
    plan,
    routing,
    basis,
    preview,
    models,
    selected: selected.slice(0, prefix).join('\0') === target.path.join('\0') ? selected.slice(prefix) : [],
    onGesture: (made: Parameters<typeof gesture>[1], label: string) => gesture(agent, made, label),
    onSelect: (path: readonly (string | number)[]) =>
      select([...target.path, ...withoutListKey(path, target.routing)], target.scope),
  };
  return (
    <div className="flex flex-col gap-12 px-20 pt-14 pb-16">
      <AgentHeader agent={agent} target={target} />
      {agent !== undefined && part === 'run' && <RunForm key={agent.name} agent={agent.name} />}
      {agent !== undefined && part === 'settings' && (
        <AgentSettingsForm key={agent.name} agent={agent.name} />
      )}
      {(agent === undefined || part === 'routing') && (
        <>
          {agent?.byDefault === true && !isUnset && (
            <Banner status="queued">
              {agent.name} has no routing of its own and goes by the defaults. The first change here gives it
              one.
            </Banner>
          )}
          <StrategyBar
            value={isUnset ? undefined : plan.strategy}
            onChange={(to) => gesture(agent, { kind: 'strategy', to }, 'Change the strategy')}
          />
          {isUnset ? (
            <div className="flex flex-col items-center gap-4 rounded-card border border-dashed border-border px-24 py-40 text-center">
              <Icon icon={GitFork} size={24} className="text-3" />
              <p className="mt-8 text-body font-semibold text-1">No routing yet</p>
              <p className="max-w-360 text-body text-2">
                Choose a strategy above. Fallback takes the first model that can be used and is the plain
                choice.
              </p>
            </div>
          ) : (
            <>
              <Problems problems={plan.problems} empty={isEmpty} />
              {!isEmpty && <Picture {...pictureProps} />}
              <StrategyOptions {...pictureProps} />
              {agent !== undefined && plan.strategy === 'pattern' && (
                <Shares agent={agent} routing={routing} />
              )}
            </>
          )}
        </>
      )}
    </div>
  );
}

/** A plain list has no key of its own, so a path into it goes without one. */
function withoutListKey(path: readonly (string | number)[], routing: unknown): readonly (string | number)[] {
  return Array.isArray(routing) && path[0] === 'models' ? path.slice(1) : path;
}

function Problems({ problems, empty }: { problems: readonly string[]; empty: boolean }): ReactNode {
  if (empty || problems.length === 0) {
    return empty ? (
      <p className="rounded-card border border-dashed border-border px-16 py-24 text-center text-body text-2">
        No model yet. Add one below.
      </p>
    ) : null;
  }
  return (
    <ul className="flex flex-col gap-4 rounded-card border border-late-line bg-late-subtle px-12 py-8 text-body text-1">
      {problems.map((problem) => (
        <li key={problem}>{problem}</li>
      ))}
    </ul>
  );
}

/** What really happened in the last week beside what the pattern asks for. */
function Shares({ agent, routing }: { agent: DraftAgent; routing: AgentRouting }): ReactNode {
  const { calls, models } = useRecentShares(agent.name);
  const { plan } = routing;
  if (plan.strategy !== 'pattern' || calls === 0) return null;
  return (
    <section
      aria-label="Shares of the last week"
      className="flex flex-col gap-8 border-t border-hairline pt-12"
    >
      <div className="flex items-center text-small">
        <h3 className="figures font-semibold text-1">Last 7 days, {calls} calls</h3>
        <span className="ml-auto text-3">Line: what the pattern asks for</span>
      </div>
      {plan.models.map(({ name }) => {
        const asked = plan.slots.filter((slot) => slot.name === name).length / plan.slots.length;
        const actual = (models.get(name) ?? 0) / calls;
        return (
          <div key={name} className="grid grid-cols-[112px_minmax(0,1fr)_92px] items-center gap-12 text-body">
            <span className="truncate font-medium text-1" title={name}>
              {shortModel(name)}
            </span>
            <ShareBar model={name} actual={actual} asked={asked} />
            <span className="figures text-right text-small text-3">
              {Math.round(actual * 100)}% of {Math.round(asked * 100)}%
            </span>
          </div>
        );
      })}
    </section>
  );
}
