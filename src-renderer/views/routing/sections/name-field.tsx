import { type ReactNode, useState } from 'react';
import type { YamlPath } from '../../../../src-shared/lattice-yaml/diagnostic.ts';
import { Field } from '../../../ui/field.tsx';
import { renameEntry } from '../state/form-actions.ts';
import { CommitInput } from './commit-input.tsx';

/** The name of an entry; writing another one renames it in its place. */
export function NameField({ path, hint }: { path: YamlPath; hint?: string }): ReactNode {
  const [problem, setProblem] = useState<string>();
  return (
    <Field label="Name" hint={hint} error={problem}>
      <CommitInput
        mono
        value={String(path.at(-1))}
        onTyped={() => setProblem(undefined)}
        onCommit={(name) => setProblem(renameEntry(path, name))}
      />
    </Field>
  );
}
