import { FolderOpen } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Origin } from '../../../src-shared/views/settings.ts';
import { call } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import type { Draft, DraftErrors, DraftKey } from './draft.ts';
import { isLocked, OriginNote } from './origin-note.tsx';
import { Section } from './section.tsx';

export interface NodeSettingsProps {
  draft: Draft;
  errors: DraftErrors;
  origins: Readonly<Record<string, Origin>>;
  onChange(key: DraftKey, text: string): void;
}

interface LineProps extends NodeSettingsProps {
  id: DraftKey;
  label: string;
  hint?: string;
  width?: string;
  mono?: boolean;
  children?: ReactNode;
}

function Line({ id, label, hint, width, mono = false, children, ...form }: LineProps): ReactNode {
  const origin = form.origins[id];
  return (
    <Field
      layout="left"
      label={label}
      error={form.errors[id]}
      disabled={isLocked(origin)}
      hint={<OriginNote origin={origin}>{hint}</OriginNote>}
    >
      <Input
        mono={mono}
        value={form.draft[id]}
        onChange={(event) => form.onChange(id, event.currentTarget.value)}
        className={width ?? 'max-w-360'}
      />
      {children}
    </Field>
  );
}

/** What this machine is on the mesh, and how its hub listens. */
export function NodeSettings(form: NodeSettingsProps): ReactNode {
  const choose = async () => {
    const { path } = await call('app.chooseFolder');
    if (path !== undefined) form.onChange('project_dir', path);
  };
  return (
    <>
      <Section title="This station">
        <Line {...form} id="station_name" label="Name" hint="Others see it on their screens." />
        <Line
          {...form}
          id="max_parallel"
          label="Slots"
          width="max-w-88"
          hint="How many calls it runs at once."
        />
        <Line
          {...form}
          id="project_dir"
          label="Project folder"
          mono
          hint="Holds lattice.yaml and the agents."
        >
          {!isLocked(form.origins.project_dir) && (
            <Button size="large" icon={FolderOpen} className="ml-8" onClick={() => void choose()}>
              Choose
            </Button>
          )}
        </Line>
      </Section>
      <Section title="Lattice">
        <Line {...form} id="lattice_name" label="Name" hint="What this lattice is called here." />
        <Line
          {...form}
          id="port"
          label="Hub port"
          width="max-w-88"
          hint="Used when the hub starts the next time. 0 takes any free port."
        />
        <Line
          {...form}
          id="http_port"
          label="Monitor port"
          width="max-w-88"
          hint="Only on this machine, for the figures of the hub."
        />
      </Section>
    </>
  );
}
