import type { ReactNode } from 'react';
import { Wide } from './entry-card.tsx';
import { ListField, NumberField, SwitchField } from './fields.tsx';
import { Group } from './run-limits.tsx';
import { YamlField } from './yaml-field.tsx';

/** How an agent is found, what it expects, what it may spend, and whether its owner is asked. */
export function AgentSettingsForm({ agent }: { agent: string }): ReactNode {
  const at = (...keys: string[]) => ['agents', agent, ...keys];
  return (
    <section aria-label="Settings" className="flex flex-col gap-14">
      <Group title="Found by">
        <ListField path={at('capabilities')} label="Capabilities" placeholder="review, code" />
        <ListField path={at('tags')} label="Tags" placeholder="demo" />
      </Group>
      <Group title="Limits">
        <NumberField path={at('local_budget')} label="Dollars a month" placeholder="unlimited" />
        <NumberField path={at('daily_budget')} label="Dollars a day" placeholder="no limit" />
        <NumberField path={at('daily_calls')} label="Calls a day" placeholder="no limit" />
        <SwitchField
          path={at('approval')}
          label="Approval"
          without={false}
          on="required"
          words={['Asked before each run', 'Not asked']}
        />
      </Group>
      <Group title="Context">
        <Wide>
          <YamlField path={at('input', 'schema')} label="Fields" placeholder="who: string, whom to greet" />
        </Wide>
        <Wide>
          <YamlField path={at('input', 'default')} label="Defaults" placeholder="language: english" />
        </Wide>
      </Group>
    </section>
  );
}
