import type { ReactNode } from 'react';
import type { Origin, Settings } from '../../../src-shared/views/settings.ts';
import { useAction } from '../../data/queries.ts';
import { Field } from '../../ui/field.tsx';
import { Segment } from '../../ui/segment.tsx';
import { Switch } from '../../ui/switch.tsx';
import { toastError } from '../../ui/toast.tsx';
import { isLocked, OriginNote } from './origin-note.tsx';
import { Section } from './section.tsx';

export interface WindowSettingsProps {
  values: Settings;
  origins: Readonly<Record<string, Origin>>;
}

/** How the window looks and behaves; each change works at once. */
export function WindowSettings({ values, origins }: WindowSettingsProps): ReactNode {
  const save = useAction('settings.set', ['settings.get']);
  const set = (change: Partial<Settings>) =>
    save.mutate(change, { onError: (error) => toastError('The setting was not saved', error) });
  const note = (key: keyof Settings, text?: string) =>
    isLocked(origins[key]) ? <OriginNote origin={origins[key]}>{text}</OriginNote> : text;
  return (
    <Section title="Window">
      <Field layout="left" label="Theme" hint={note('theme')}>
        <Segment
          label="Theme"
          value={values.theme}
          onChange={(theme) => set({ theme })}
          disabled={isLocked(origins.theme)}
          options={[
            { value: 'system', label: 'System' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
        />
      </Field>
      <Field layout="left" label="Rows" hint={note('density', 'Comfortable rows are 6 pixels higher.')}>
        <Segment
          label="Rows"
          value={values.density}
          onChange={(density) => set({ density })}
          disabled={isLocked(origins.density)}
          options={[
            { value: 'compact', label: 'Compact' },
            { value: 'comfortable', label: 'Comfortable' },
          ]}
        />
      </Field>
      <Field layout="left" label="Single keys" hint={note('single_key_shortcuts')}>
        <Switch
          on={values.single_key_shortcuts}
          onChange={(on) => set({ single_key_shortcuts: on })}
          disabled={isLocked(origins.single_key_shortcuts)}
          word={
            values.single_key_shortcuts
              ? 'On. Letters such as N and / are shortcuts.'
              : 'Off. Only shortcuts with Ctrl or Alt work.'
          }
        />
      </Field>
      <Field layout="left" label="Tray" hint={note('keep_in_tray')}>
        <Switch
          on={values.keep_in_tray}
          onChange={(on) => set({ keep_in_tray: on })}
          disabled={isLocked(origins.keep_in_tray)}
          word={
            values.keep_in_tray
              ? 'On. The station goes on when the window closes.'
              : 'Off. Closing the window quits.'
          }
        />
      </Field>
    </Section>
  );
}
