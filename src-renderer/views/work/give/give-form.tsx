import { Collapsible } from '@base-ui/react/collapsible';
import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AgentView, StationView } from '../../../../src-shared/views/mesh.ts';
import { listOf, useLive } from '../../../data/live.ts';
import { Field } from '../../../ui/field.tsx';
import { plural } from '../../../ui/format.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Input, Textarea } from '../../../ui/input.tsx';
import { Segment } from '../../../ui/segment.tsx';
import { Select, type SelectOption } from '../../../ui/select.tsx';
import { PRIORITIES } from '../words.ts';
import { ContextEditor } from './context-editor.tsx';
import { type } from './give-state.ts';
import type { GiveErrors, GiveValues } from './values.ts';

const NOTHING: SelectOption<string> = { value: '', label: 'Choose' };

/** A choice that is not among the options any more, so that a person sees what was chosen. */
function withChosen(options: SelectOption<string>[], chosen: string, meta: string): SelectOption<string>[] {
  if (options.some((option) => option.value === chosen)) return options;
  return chosen === '' ? [NOTHING, ...options] : [{ value: chosen, label: chosen, meta }, ...options];
}

function agentOptions(agents: readonly AgentView[]): SelectOption<string>[] {
  const names = [...new Set(agents.map((agent) => agent.name))].sort();
  return names.map((name) => {
    const replicas = agents.filter((agent) => agent.name === name && agent.station_status !== 'offline');
    return { value: name, label: name, meta: plural(replicas.length, 'station') };
  });
}

function capabilityOptions(agents: readonly AgentView[]): SelectOption<string>[] {
  const capabilities = [...new Set(agents.flatMap((agent) => agent.capabilities))].sort();
  return capabilities.map((value) => ({
    value,
    label: value,
    meta: plural(
      new Set(agents.filter((agent) => agent.capabilities.includes(value)).map((agent) => agent.name)).size,
      'agent',
    ),
  }));
}

function stationOptions(
  stations: readonly StationView[],
  agents: readonly AgentView[],
  values: GiveValues,
): SelectOption<string>[] {
  const able = new Set(
    agents
      .filter((agent) =>
        values.by === 'agent' ? agent.name === values.agent : agent.capabilities.includes(values.capability),
      )
      .map((agent) => agent.station_id),
  );
  const fitting = stations.filter((station) => able.has(station.id));
  return [
    { value: '', label: 'Wherever there is room' },
    ...fitting.map((station) => ({
      value: station.id,
      label: station.name,
      meta:
        station.status === 'offline' ? 'Offline' : `${station.load.running} of ${station.load.capacity} busy`,
      lead: <Glyph status={station.status} size={12} />,
    })),
  ];
}

function knownKeys(agents: readonly AgentView[], values: GiveValues): string[] {
  if (values.by !== 'agent') return [];
  const schema = agents.find((agent) => agent.name === values.agent)?.input_schema;
  const properties: unknown = schema?.properties;
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

function More({ values, errors }: { values: GiveValues; errors: GiveErrors }): ReactNode {
  const wrong = ['deadline', 'timeout', 'attempts', 'labels', 'dedupe'] as const;
  return (
    <Collapsible.Root defaultOpen={wrong.some((name) => errors[name] !== undefined)}>
      <Collapsible.Trigger className="group/more flex h-28 items-center gap-6 rounded-control text-small font-medium text-2 hover:text-1">
        <Icon icon={ChevronRight} size={12} className="group-data-panel-open/more:rotate-90" />
        More
      </Collapsible.Trigger>
      <Collapsible.Panel className="flex flex-col gap-12 pt-8">
        <Field label="Due" error={errors.deadline} hint="It expires when it has not ended by then.">
          <Input
            type="datetime-local"
            value={values.deadline}
            onChange={(event) => type({ deadline: event.target.value })}
          />
        </Field>
        <div className="grid grid-cols-2 gap-12">
          <Field label="Each attempt at most" error={errors.timeout} hint="Such as 90s or 5m.">
            <Input value={values.timeout} onChange={(event) => type({ timeout: event.target.value })} />
          </Field>
          <Field label="Attempts" error={errors.attempts} hint="Then a person is asked.">
            <Input
              inputMode="numeric"
              value={values.attempts}
              onChange={(event) => type({ attempts: event.target.value })}
            />
          </Field>
        </div>
        <Field label="Labels" error={errors.labels} hint="Parted by commas.">
          <Input value={values.labels} onChange={(event) => type({ labels: event.target.value })} />
        </Field>
        <Field
          label="Dedupe key"
          error={errors.dedupe}
          hint="The same key is the same work, however often it is given."
        >
          <Input mono value={values.dedupe} onChange={(event) => type({ dedupe: event.target.value })} />
        </Field>
      </Collapsible.Panel>
    </Collapsible.Root>
  );
}

/** The fields of *Give work*. */
export function GiveForm({ values, errors }: { values: GiveValues; errors: GiveErrors }): ReactNode {
  const agents = listOf(useLive('agents.watch').items);
  const stations = listOf(useLive('stations.watch').items);
  return (
    <div className="flex flex-col gap-16">
      <Field label="Task" error={errors.task}>
        <Textarea
          rows={4}
          autoFocus
          placeholder="What is to be done?"
          value={values.task}
          onChange={(event) => type({ task: event.target.value })}
        />
      </Field>
      <div className="flex flex-col gap-8">
        <Segment
          label="Who does it"
          value={values.by}
          onChange={(by) => type({ by, station: '' })}
          options={[
            { value: 'agent', label: 'An agent' },
            { value: 'capability', label: 'Any with a capability' },
          ]}
        />
        {values.by === 'agent' ? (
          <Field label="Agent" error={errors.agent}>
            <Select
              value={values.agent}
              onChange={(agent) => type({ agent, station: '' })}
              options={withChosen(agentOptions(agents), values.agent, 'Nobody offers it')}
            />
          </Field>
        ) : (
          <Field label="Capability" error={errors.capability}>
            <Select
              value={values.capability}
              onChange={(capability) => type({ capability, station: '' })}
              options={withChosen(capabilityOptions(agents), values.capability, 'Nobody offers it')}
            />
          </Field>
        )}
      </div>
      <Field label="Station">
        <Select
          value={values.station}
          onChange={(station) => type({ station })}
          options={withChosen(stationOptions(stations, agents, values), values.station, 'Does not offer it')}
        />
      </Field>
      <Field label="Priority">
        <Segment
          label="Priority"
          value={String(values.priority)}
          onChange={(level) => type({ priority: Number(level) })}
          options={PRIORITIES.map(({ level, word }) => ({ value: String(level), label: word }))}
        />
      </Field>
      <Field label="Values" error={errors.context}>
        <ContextEditor
          entries={values.context}
          known={knownKeys(agents, values)}
          onChange={(context) => type({ context })}
        />
      </Field>
      <More values={values} errors={errors} />
    </div>
  );
}
