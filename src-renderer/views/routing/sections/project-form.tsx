import type { ReactNode } from 'react';
import { figureOf } from '../../../../src-shared/routing-editor/form-edits.ts';
import { useDraft } from '../state/draft-store.ts';
import { EntryFields, Wide } from './entry-card.tsx';
import { TextField } from './fields.tsx';
import { SectionPage } from './section-page.tsx';

/** What the whole file is called, who made it, and where its agents are. */
export function ProjectForm(): ReactNode {
  const version = useDraft((state) => state.reading?.value.version);
  return (
    <SectionPage title="Project" path={[]}>
      <EntryFields>
        <TextField path={['name']} label="Name" placeholder="platform-team" />
        <TextField
          path={['version']}
          label="Version"
          mono
          placeholder="1.0.0"
          read={typeof version === 'number' ? figureOf : (text) => text}
        />
        <Wide>
          <TextField path={['description']} label="Description" />
        </Wide>
        <TextField path={['author']} label="Author" />
        <TextField path={['defaults', 'agents_dir']} label="Folder of agents" mono placeholder="./agents" />
      </EntryFields>
    </SectionPage>
  );
}
