import type { ReactNode } from 'react';
import type { Settings } from '../../../src-shared/views/settings.ts';
import { useAction, useAnswer } from '../../data/queries.ts';
import { Field } from '../../ui/field.tsx';
import { Segment } from '../../ui/segment.tsx';
import { toastError } from '../../ui/toast.tsx';
import { isLocked, OriginNote } from './origin-note.tsx';
import { Section } from './section.tsx';
import type { WindowSettingsProps } from './window-settings.tsx';

/** Where the keys of this machine are kept, and the way to another place. */
export function SecretSettings({ values, origins }: WindowSettingsProps): ReactNode {
  const kept = useAnswer('secrets.kept').data;
  const save = useAction('settings.set', ['settings.get', 'secrets.kept']);
  if (kept === undefined) return null;
  const set = (secrets: Settings['secrets']) =>
    save.mutate({ secrets }, { onError: (error) => toastError('The secrets were not moved', error) });
  const origin = origins.secrets;
  return (
    <Section title="Secrets">
      {kept.keychain === undefined ? (
        <p className="text-small text-2">{kept.missing}</p>
      ) : (
        <Field
          layout="left"
          label="Keys"
          hint={
            <OriginNote origin={isLocked(origin) ? origin : undefined}>
              {kept.kept === 'keychain'
                ? `${kept.keychain} keeps the keys of this machine, and only this app can use them. Choose files to run this station with lattice serve too.`
                : 'The keys of this machine are in files that only your user can read, so lattice serve can use them too.'}
            </OriginNote>
          }
        >
          <Segment
            label="Keys"
            value={values.secrets}
            onChange={set}
            disabled={isLocked(origin) || save.isPending}
            options={[
              { value: 'keychain', label: 'Keychain' },
              { value: 'files', label: 'Files' },
            ]}
          />
        </Field>
      )}
    </Section>
  );
}
