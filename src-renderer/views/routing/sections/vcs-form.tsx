import { type ReactNode, useId } from 'react';
import { plainAt } from '../../../../src-shared/lattice-yaml/edit/find.ts';
import { saidAt } from '../../../../src-shared/routing-editor/form-edits.ts';
import {
  VCS_PRESETS,
  VCS_SETTINGS,
  type VcsPreset,
} from '../../../../src-shared/routing-editor/form-words.ts';
import { useDraft } from '../state/draft-store.ts';
import { EntryFields } from './entry-card.tsx';
import { SwitchField, TextField } from './fields.tsx';
import { SectionPage } from './section-page.tsx';
import { useFormField } from './use-form-field.ts';

/** What happens to files before and after an agent works. */
export function VcsForm(): ReactNode {
  const said = useDraft((state) => saidAt(state.reading?.values ?? [], ['vcs']));
  const preset = useFormField(['vcs', 'preset'], 'Change the preset');
  const name = useId();
  const chosen = (Object.keys(VCS_PRESETS) as VcsPreset[]).find((each) => each === preset.value);
  const settings = chosen === undefined ? [] : VCS_SETTINGS[chosen];
  const shows = (key: string) => settings.includes(key) || plainAt(said, ['config', key]) !== null;
  const config = (key: string) => ['vcs', 'config', key];
  return (
    <SectionPage title="Version control" path={['vcs']}>
      <fieldset
        aria-label="Preset"
        className="grid min-w-0 grid-cols-[repeat(auto-fit,minmax(min(340px,100%),1fr))] gap-8"
      >
        {(Object.keys(VCS_PRESETS) as VcsPreset[]).map((each) => (
          <label
            key={each}
            className="flex cursor-default items-start gap-10 rounded-card border border-border bg-surface px-12 py-10 hover:border-strong has-checked:border-accent-line has-checked:bg-accent-subtle has-focus-visible:outline-2"
          >
            <input
              type="radio"
              name={name}
              value={each}
              checked={each === chosen}
              onChange={() => preset.set(each)}
              onFocus={preset.show}
              className="mt-4 accent-(--color-accent)"
            />
            <span className="flex min-w-0 flex-col gap-2">
              <span className="flex items-baseline gap-8 text-body font-semibold text-1">
                {VCS_PRESETS[each].title}
                <span className="font-mono text-small font-normal text-3">{each}</span>
              </span>
              <span className="text-small text-2">{VCS_PRESETS[each].text}</span>
            </span>
          </label>
        ))}
      </fieldset>
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
