import type { ReactNode } from 'react';
import { commandActions } from '../../../../src-shared/lattice-yaml/actions.ts';
import { plainAt } from '../../../../src-shared/lattice-yaml/edit/find.ts';
import { saidAt } from '../../../../src-shared/routing-editor/form-edits.ts';
import { useDraft } from '../state/draft-store.ts';
import { addEntry } from '../state/form-actions.ts';
import { EntryFields, Wide } from './entry-card.tsx';
import { ChoiceField, TextField } from './fields.tsx';
import { NameField } from './name-field.tsx';
import { NamedEntries } from './named-entries.tsx';
import { SectionPage } from './section-page.tsx';

const ACTIONS = commandActions.map((action) => ({ value: action, label: action }));

/** Shortcuts that `lattice run` runs. */
export function CommandsForm(): ReactNode {
  const said = useDraft((state) => saidAt(state.reading?.values ?? [], ['commands']));
  const text = (name: string, key: string) => {
    const value = plainAt(said, [name, key]);
    return typeof value === 'string' ? value : '';
  };
  return (
    <SectionPage title="Commands" path={['commands']}>
      <NamedEntries
        section="commands"
        one="command"
        none="No command yet. A command is a shortcut for an action, such as ship for vcs.push."
        summary={(name) => (
          <span className="truncate">
            <span className="font-mono">{text(name, 'action')}</span>
            {text(name, 'description') !== '' && ` · ${text(name, 'description')}`}
          </span>
        )}
        onAdd={(name) => addEntry(['commands', name], { action: 'vcs.status' }, `Add ${name}`)}
      >
        {(path) => (
          <EntryFields>
            <NameField path={path} hint={`lattice run ${path.at(-1)}`} />
            <ChoiceField path={[...path, 'action']} label="Action" options={ACTIONS} />
            <Wide>
              <TextField path={[...path, 'description']} label="Description" />
            </Wide>
          </EntryFields>
        )}
      </NamedEntries>
    </SectionPage>
  );
}
