import { type ReactNode, useState } from 'react';
import { type RunRule, runRuleSchema, runRuleWords } from '../../../src-shared/run-rule.ts';
import type { Origin, Settings } from '../../../src-shared/views/settings.ts';
import { listOf, useLive, useNode } from '../../data/live.ts';
import { useAction } from '../../data/queries.ts';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Segment } from '../../ui/segment.tsx';
import { Select } from '../../ui/select.tsx';
import { toastError } from '../../ui/toast.tsx';
import { isLocked, OriginNote } from './origin-note.tsx';
import { Section } from './section.tsx';

const RULES = runRuleSchema.options.map((value) => ({ value, label: runRuleWords[value].title }));

export interface RunSettingsProps {
  values: Settings;
  origins: Readonly<Record<string, Origin>>;
}

/** Who may run agents of this station; each change works from the next run on. */
export function RunSettings({ values, origins }: RunSettingsProps): ReactNode {
  const save = useAction('settings.set', ['settings.get']);
  const set = (change: Partial<Settings>) =>
    save.mutate(change, { onError: (error) => toastError('The setting was not saved', error) });
  const { runs_allow, runs_people, runs_agents } = values;
  const named = runs_allow === 'named' || Object.values(runs_agents).includes('named');
  return (
    <Section title="Who may run agents here">
      <Field
        layout="left"
        label="Rule"
        hint={
          <OriginNote origin={isLocked(origins.runs_allow) ? origins.runs_allow : undefined}>
            {runRuleWords[runs_allow].says} Your own runs need no rule.
          </OriginNote>
        }
      >
        <Segment
          label="Rule"
          value={runs_allow}
          onChange={(rule) => set({ runs_allow: rule })}
          disabled={isLocked(origins.runs_allow)}
          options={RULES}
        />
      </Field>
      {named && (
        <People
          key={runs_people.join()}
          people={runs_people}
          origin={origins.runs_people}
          onSave={(people) => set({ runs_people: people })}
        />
      )}
      <AgentRules rules={runs_agents} onChange={(rules) => set({ runs_agents: rules })} />
    </Section>
  );
}

/** Names and ids of devices, with commas between them; saved when the field is left. */
function People(props: {
  people: readonly string[];
  origin: Origin | undefined;
  onSave(people: string[]): void;
}): ReactNode {
  const { people, origin, onSave } = props;
  const [text, setText] = useState(people.join(', '));
  const save = () => {
    const next = text.split(',').map((name) => name.trim());
    const named = next.filter((name) => name !== '');
    if (named.join() !== people.join()) onSave(named);
  };
  return (
    <Field
      layout="left"
      label="People"
      disabled={isLocked(origin)}
      hint={
        <OriginNote origin={isLocked(origin) ? origin : undefined}>
          Names or ids of their devices, with commas. They count only where keys prove them.
        </OriginNote>
      }
    >
      <Input
        value={text}
        placeholder="anna-laptop, build-box"
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key === 'Enter') save();
        }}
        className="max-w-360"
      />
    </Field>
  );
}

const AS_STATION = 'as_station';

function AgentRules(props: {
  rules: Readonly<Record<string, RunRule>>;
  onChange(rules: Record<string, RunRule>): void;
}): ReactNode {
  const own = useNode()?.station_id;
  const offered = listOf(useLive('agents.watch').items).filter((agent) => agent.station_id === own);
  const names = [...new Set([...offered.map(({ name }) => name), ...Object.keys(props.rules)])].sort();
  if (names.length === 0) return null;
  const options = [{ value: AS_STATION, label: 'As above' }, ...RULES] as const;
  return names.map((name) => (
    <Field key={name} layout="left" label={name}>
      <div className="w-200">
        <Select
          value={props.rules[name] ?? AS_STATION}
          options={options}
          onChange={(value) => {
            const { [name]: _, ...others } = props.rules;
            props.onChange(value === AS_STATION ? others : { ...others, [name]: value });
          }}
        />
      </div>
    </Field>
  ));
}
