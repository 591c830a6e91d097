import type { ReactNode } from 'react';
import type { YamlPath } from '../../../../src-shared/lattice-yaml/diagnostic.ts';
import { problemWords } from '../../../../src-shared/routing-editor/form-edits.ts';
import { schemaAt } from '../../../../src-shared/routing-editor/schema-walk.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { useDraft } from '../state/draft-store.ts';
import { HelpWords } from './help-words.tsx';

/** The page of a section of the file: its name, what it is for, and its form. */
export function SectionPage(props: { title: string; path: YamlPath; children: ReactNode }): ReactNode {
  const { title, path, children } = props;
  const problem = useDraft((state) =>
    problemWords(state.reading?.diagnostics.filter((each) => each.path.length <= path.length) ?? [], path),
  );
  return (
    <section aria-label={title} className="flex flex-col gap-12 px-20 pt-14 pb-20">
      <div className="flex flex-col gap-2">
        <h2 className="text-heading text-1">{title}</h2>
        <p className="text-body text-2">
          <HelpWords text={schemaAt(path)?.description} />
        </p>
      </div>
      {problem !== undefined && (
        <p className="flex items-center gap-8 text-body text-fail">
          <Glyph status="failed" size={12} />
          {problem}
        </p>
      )}
      {children}
    </section>
  );
}
