import { useState } from 'react';
import type { YamlPath } from '../../../../src-shared/lattice-yaml/diagnostic.ts';
import type { PlainValue } from '../../../../src-shared/lattice-yaml/edit/edit.ts';
import { problemWords, saidAt } from '../../../../src-shared/routing-editor/form-edits.ts';
import { schemaAt } from '../../../../src-shared/routing-editor/schema-walk.ts';
import { select } from '../state/draft-actions.ts';
import { useDraft } from '../state/draft-store.ts';
import { setField } from '../state/form-actions.ts';

/** A field of a form: what the draft says there, what it means, and what is wrong with it. */
export interface FormField {
  readonly value: PlainValue;
  readonly hint: string | undefined;
  readonly problem: string | undefined;
  /** Writes a value, or takes the key out; one that does not fit is not written and shows its problem. */
  set(value: PlainValue | undefined): void;
  /** Shows a problem of something that is being typed; undefined takes it away. */
  warn(problem: string | undefined): void;
  /** Shows where it stands in the text. */
  show(): void;
}

/** The field at a path of the configuration. `label` names its change in the history. */
export function useFormField(path: YamlPath, label: string): FormField {
  const value = useDraft((state) => saidAt(state.reading?.values ?? [], path));
  const written = useDraft((state) => problemWords(state.reading?.diagnostics ?? [], path));
  const revision = useDraft((state) => state.revision);
  const [refused, setRefused] = useState<{ problem: string; revision: number }>();
  const warn = (problem: string | undefined) =>
    setRefused(problem === undefined ? undefined : { problem, revision });
  return {
    value,
    hint: schemaAt(path)?.description,
    problem: (refused?.revision === revision ? refused.problem : undefined) ?? written,
    set: (next) => warn(setField(path, next, label)),
    warn,
    show: () => select(path),
  };
}
