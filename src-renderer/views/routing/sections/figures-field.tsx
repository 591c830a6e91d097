import { type ReactNode, useRef, useState } from 'react';
import type { YamlPath } from '../../../../src-shared/lattice-yaml/diagnostic.ts';
import { plainAt } from '../../../../src-shared/lattice-yaml/edit/find.ts';
import { problemWords } from '../../../../src-shared/routing-editor/form-edits.ts';
import { isPlainMap } from '../../../../src-shared/routing-editor/gestures.ts';
import { mergedAt } from '../../../../src-shared/routing-editor/layers.ts';
import { cx } from '../../../ui/cx.ts';
import { useDraft } from '../state/draft-store.ts';
import { type FiguresProps, FiguresRow, NewFiguresRow } from './figures-row.tsx';
import { HelpWords } from './help-words.tsx';
import { useFormField } from './use-form-field.ts';

const GRID = {
  3: 'grid-cols-[minmax(96px,2fr)_repeat(3,minmax(56px,1fr))_24px]',
  4: 'grid-cols-[minmax(96px,2fr)_repeat(4,minmax(56px,1fr))_24px]',
} as const;

/** Figures by the name of a model, a row for each: limits or prices. */
export function FiguresField<K extends string>(
  props: FiguresProps<K> & {
    label: string;
    /** What is added, for example *prices*. */
    what: string;
    columns: { readonly length: keyof typeof GRID };
    /** Puts the focus where a model is added. */
    autoFocus?: boolean;
  },
): ReactNode {
  const { path, label, what, columns, without, autoFocus = false } = props;
  const field = useFormField(path, `Change ${label.toLowerCase()}`);
  const values = useDraft((state) => state.reading?.values);
  const diagnostics = useDraft((state) => state.reading?.diagnostics) ?? [];
  const revision = useDraft((state) => state.revision);
  const [refused, setRefused] = useState<{ at: YamlPath; problem: string; revision: number }>();
  const add = useRef<HTMLInputElement>(null);
  const said = mergedAt(values ?? [], path);
  const rows = isPlainMap(said) ? Object.keys(said) : [];
  const now = refused?.revision === revision ? refused : undefined;
  const tell = (at: YamlPath, problem: string | undefined) =>
    setRefused(problem === undefined ? undefined : { at, problem, revision });
  const problemAt = (at: YamlPath) =>
    now?.at.join('\0') === at.join('\0') ? now.problem : problemWords(diagnostics, at);
  const wrong = now?.problem ?? field.problem;
  return (
    <fieldset aria-label={label} className="flex min-w-0 flex-col gap-6">
      <span className="text-small font-medium text-2">{label}</span>
      <div className={cx('grid items-center gap-x-8 gap-y-6', GRID[columns.length])}>
        <span aria-hidden className="text-small text-3">
          Model
        </span>
        {columns.map((column) => (
          <span aria-hidden key={column.key} className="truncate text-small text-3" title={column.label}>
            {column.label}
          </span>
        ))}
        <span />
        {rows.map((model) => (
          <FiguresRow
            key={model}
            path={[...path, model]}
            model={model}
            columns={columns}
            said={plainAt(said, [model])}
            without={without}
            problemAt={problemAt}
            tell={tell}
            onRemoved={() => add.current?.focus()}
          />
        ))}
        <NewFiguresRow
          ref={add}
          autoFocus={autoFocus}
          path={path}
          what={what}
          columns={columns}
          without={without}
          tell={(problem) => tell(path, problem)}
        />
      </div>
      <p role="status" className={wrong === undefined ? 'text-small text-3' : 'text-small text-fail'}>
        {wrong ?? <HelpWords text={field.hint} />}
      </p>
    </fieldset>
  );
}
