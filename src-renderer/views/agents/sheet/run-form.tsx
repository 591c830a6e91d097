import { Play } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AgentView, StationView } from '../../../../src-shared/views/mesh.ts';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { Textarea } from '../../../ui/input.tsx';
import { Select } from '../../../ui/select.tsx';
import type { AgentGroup } from '../logic/agent-groups.ts';
import { limitChoices, limitText } from '../logic/limits.ts';
import type { FormField, FormValues } from '../logic/schema-form.ts';
import type { RunDraft } from '../run-drafts.ts';
import { SchemaFields } from './schema-fields.tsx';
import { StationSelect } from './station-select.tsx';
import type { AgentRoute } from './use-agent-route.ts';

export interface RunFormProps {
  group: AgentGroup;
  /** The definition that would run. */
  definition: AgentView;
  stations: ReadonlyMap<string, StationView>;
  route: AgentRoute;
  station: string | undefined;
  draft: RunDraft;
  fields: readonly FormField[];
  values: FormValues;
  errors: Readonly<Record<string, string>>;
  taskError: string | undefined;
  limitMs: number;
  /** Whether it ran before, which the button then says. */
  again: boolean;
  starting: boolean;
  refused: string | undefined;
  disabledReason: string | undefined;
  onDraft(change: Partial<RunDraft>): void;
  onStation(station: string | undefined): void;
  onRun(): void;
  /** Gives it as durable work instead, which outlives this window. */
  onGive(): void;
}

/** What to do, with what, where, and for how long. */
export function RunForm(props: RunFormProps): ReactNode {
  const { definition, draft, values, onDraft } = props;
  return (
    <form
      aria-label={`Run ${definition.name}`}
      className="flex flex-col gap-8 px-20 pt-16 pb-16"
      onSubmit={(event) => {
        event.preventDefault();
        props.onRun();
      }}
    >
      <Field label="Task" error={props.taskError}>
        <Textarea
          rows={3}
          value={draft.task}
          onChange={(event) => onDraft({ task: event.target.value })}
          placeholder="What to do, in words"
          className="max-h-200 min-h-66"
        />
      </Field>
      <SchemaFields
        fields={props.fields}
        values={values}
        errors={props.errors}
        onChange={(key, value) => onDraft({ values: { ...draft.values, [key]: value } })}
      />
      <StationSelect
        group={props.group}
        stations={props.stations}
        route={props.route}
        value={props.station}
        onChange={props.onStation}
      />
      {props.refused !== undefined && (
        <p role="alert" className="text-small text-fail">
          {props.refused}
        </p>
      )}
      <div className="mt-4 flex items-center gap-8">
        <Button
          type="submit"
          size="large"
          variant={props.again ? 'outlined' : 'main'}
          icon={Play}
          shortcut="Mod+Enter"
          busy={props.starting}
          disabledReason={props.disabledReason}
          onClick={(event) => {
            event.preventDefault();
            props.onRun();
          }}
        >
          {props.again ? 'Run again' : 'Run'}
        </Button>
        <Button variant="plain" size="large" onClick={props.onGive}>
          Give as work
        </Button>
        <span className="ml-auto">
          <Select
            label="Limit of the run"
            size="filter"
            value={String(props.limitMs)}
            onChange={(next) => onDraft({ timeoutMs: Number(next) })}
            options={limitChoices(definition.timeout_ms === undefined ? undefined : props.limitMs).map(
              (ms) => ({
                value: String(ms),
                label: limitText(ms),
              }),
            )}
          />
        </span>
      </div>
    </form>
  );
}
