import { Plus, X } from 'lucide-react';
import { type ReactNode, type Ref, useState } from 'react';
import type { YamlPath } from '../../../../src-shared/lattice-yaml/diagnostic.ts';
import type { PlainValue } from '../../../../src-shared/lattice-yaml/edit/edit.ts';
import { plainAt } from '../../../../src-shared/lattice-yaml/edit/find.ts';
import { figureOf } from '../../../../src-shared/routing-editor/form-edits.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Input } from '../../../ui/input.tsx';
import { select } from '../state/draft-actions.ts';
import { addRow, renameEntry, setField } from '../state/form-actions.ts';
import { CommitInput } from './commit-input.tsx';

/** A figure that each row has. */
export interface FigureColumn<K extends string = string> {
  readonly key: K;
  readonly label: string;
}

export interface FiguresProps<K extends string> {
  path: YamlPath;
  columns: readonly FigureColumn<K>[];
  /** What holds for a model that has no such figure in its row; null for a model without a row. */
  without(model: string, key: K, row: PlainValue): string;
}

/** The figures of one model. */
export function FiguresRow<K extends string>(
  props: FiguresProps<K> & {
    model: string;
    said: PlainValue;
    problemAt(path: YamlPath): string | undefined;
    tell(path: YamlPath, problem: string | undefined): void;
    onRemoved(): void;
  },
): ReactNode {
  const { path, model, columns, said, without, problemAt, tell, onRemoved } = props;
  const text = (key: string) => {
    const value = plainAt(said, [key]);
    return typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  };
  return (
    <>
      <CommitInput
        mono
        label={`Model ${model}`}
        value={model}
        onFocus={() => select(path)}
        onCommit={(name) => tell(path, renameEntry(path, name))}
      />
      {columns.map(({ key, label }) => {
        const at = [...path, key];
        return (
          <CommitInput
            key={key}
            mono
            label={`${label} of ${model}`}
            value={text(key)}
            placeholder={without(model, key, said)}
            invalid={problemAt(at) !== undefined}
            onFocus={() => select(at)}
            onTyped={() => tell(at, undefined)}
            onCommit={(next) =>
              tell(
                at,
                setField(at, next === '' ? undefined : figureOf(next), `Change ${label.toLowerCase()}`),
              )
            }
          />
        );
      })}
      <IconButton
        icon={X}
        size={24}
        label={`Remove ${model}`}
        onClick={() => {
          tell(path, setField(path, undefined, `Remove ${model}`));
          onRemoved();
        }}
      />
    </>
  );
}

/** The row that a model is added with; Enter in any of its fields adds it. */
export function NewFiguresRow<K extends string>(
  props: FiguresProps<K> & {
    what: string;
    ref: Ref<HTMLInputElement>;
    autoFocus: boolean;
    tell(problem: string | undefined): void;
  },
): ReactNode {
  const { path, what, columns, without, ref, autoFocus, tell } = props;
  const [model, setModel] = useState('');
  const [figures, setFigures] = useState<Readonly<Record<string, string>>>({});
  const name = model.trim();
  const written = Object.entries(figures).filter(([, text]) => text.trim() !== '');
  const missing = name === '' || written.length === 0;
  const add = () => {
    if (missing) return;
    const value = Object.fromEntries(written.map(([key, text]) => [key, figureOf(text.trim())]));
    const problem = addRow(path, name, value);
    tell(problem);
    if (problem !== undefined) return;
    setModel('');
    setFigures({});
  };
  return (
    <>
      <Input
        ref={ref}
        autoFocus={autoFocus}
        mono
        aria-label={`Model with new ${what}`}
        placeholder="Add a model"
        value={model}
        onValueChange={setModel}
        onKeyDown={(event) => event.key === 'Enter' && add()}
      />
      {columns.map(({ key, label }) => (
        <Input
          key={key}
          mono
          aria-label={`${label} of the new model`}
          placeholder={without(name, key, null)}
          value={figures[key] ?? ''}
          onValueChange={(next) => setFigures({ ...figures, [key]: next })}
          onKeyDown={(event) => event.key === 'Enter' && add()}
        />
      ))}
      <IconButton
        icon={Plus}
        size={24}
        label={`Add ${what}`}
        disabledReason={missing ? 'Write a model and a figure first.' : undefined}
        onClick={add}
      />
    </>
  );
}
