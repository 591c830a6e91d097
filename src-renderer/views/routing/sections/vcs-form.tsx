import type { ReactNode } from 'react';
import { plainAt } from '../../../../src-shared/lattice-yaml/edit/find.ts';
import { saidAt } from '../../../../src-shared/routing-editor/form-edits.ts';
import {
  VCS_PRESETS,
  VCS_SETTINGS,
  type VcsPreset,
} from '../../../../src-shared/routing-editor/form-words.ts';
import { useDraft } from '../state/draft-store.ts';
import { ChoiceCards } from './choice-cards.tsx';
import { EntryFields } from './entry-card.tsx';
import { SwitchField, TextField } from './fields.tsx';
import { SectionPage } from './section-page.tsx';
import { useFormField } from './use-form-field.ts';

/** What happens to files before and after an agent works. */
export function VcsForm(): ReactNode {
  const said = useDraft((state) => saidAt(state.reading?.values ?? [], ['vcs']));
  const preset = useFormField(['vcs', 'preset'], 'Change the preset');
  const chosen = (Object.keys(VCS_PRESETS) as VcsPreset[]).find((each) => each === preset.value);
  const settings = chosen === undefined ? [] : VCS_SETTINGS[chosen];
  const shows = (key: string) => settings.includes(key) || plainAt(said, ['config', key]) !== null;
  const config = (key: string) => ['vcs', 'config', key];
  return (
    <SectionPage title="Version control" path={['vcs']}>
      <ChoiceCards
        label="Preset"
        value={chosen}
        choices={(Object.keys(VCS_PRESETS) as VcsPreset[]).map((value) => ({
          value,
          meta: value,
          ...VCS_PRESETS[value],
        }))}
        onChange={preset.set}
        onFocus={preset.show}
      />
      {preset.problem !== undefined && <p className="text-small text-fail">{preset.problem}</p>}
      <EntryFields>
        {shows('workspace_dir') && (
          <TextField
            path={config('workspace_dir')}
            label="Folder of workspaces"
            mono
            placeholder=".workspaces"
          />
        )}
        {shows('gate_enforcement') && (
          <SwitchField
            path={config('gate_enforcement')}
            label="Ask for a description"
            without={false}
            words={['Asked for', 'Not asked for']}
          />
        )}
        {shows('auto_cleanup') && (
          <SwitchField
            path={config('auto_cleanup')}
            label="Clean up"
            without
            words={['Removed after a push', 'Workspaces stay']}
          />
        )}
        {shows('checkpoint_message') && (
          <TextField path={config('checkpoint_message')} label="Message of checkpoints" />
        )}
        {shows('commit_message') && <TextField path={config('commit_message')} label="Message of commits" />}
      </EntryFields>
    </SectionPage>
  );
}
