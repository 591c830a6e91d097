import { type ReactNode, useMemo } from 'react';
import type { LayerValues } from '../../../../src-shared/routing-editor/layers.ts';
import { cx } from '../../../ui/cx.ts';
import { Icon } from '../../../ui/icon.tsx';
import { openPanel } from '../state/draft-actions.ts';
import { useDraft } from '../state/draft-store.ts';
import { SECTIONS, type Section, sectionCounts } from './sections.ts';

/** What the file holds beside agents, with how much of each. */
export function SectionNav({ values }: { values: LayerValues }): ReactNode {
  const counts = useMemo(() => sectionCounts(values), [values]);
  return (
    <nav
      aria-label="Sections"
      className="flex max-h-1/2 shrink-0 flex-col overflow-y-auto border-t border-hairline p-8"
    >
      {SECTIONS.map((section) => (
        <SectionItem key={section.panel} section={section} count={counts[section.panel]} />
      ))}
    </nav>
  );
}

function SectionItem({ section, count }: { section: Section; count: number | undefined }): ReactNode {
  const { panel, icon, title } = section;
  const on = useDraft((state) => state.panel === panel);
  return (
    <button
      type="button"
      aria-current={on ? 'true' : undefined}
      onClick={() => openPanel(panel)}
      className={cx(
        'flex h-30 shrink-0 items-center gap-10 rounded-control px-8 text-body',
        on ? 'bg-selected text-1' : 'text-2 hover:bg-hover',
      )}
    >
      <Icon icon={icon} />
      <span className="flex-1 text-left">{title}</span>
      {count !== undefined && <span className="figures text-small text-3">{count}</span>}
    </button>
  );
}
