import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from './icon-button.tsx';

export interface SidePanelProps {
  /** Its name for a screen reader. */
  label: string;
  /** A glyph before the title. */
  lead: ReactNode;
  title: ReactNode;
  /** Tags after the title. */
  tags?: ReactNode;
  /** Plain buttons before the cross. */
  actions?: ReactNode;
  onClose(): void;
  children: ReactNode;
}

/** The detail of what is selected: beside the list, in compact over it. */
export function SidePanel(props: SidePanelProps): ReactNode {
  return (
    <aside
      aria-label={props.label}
      data-region
      tabIndex={-1}
      className="flex w-440 shrink-0 flex-col border-l border-hairline outline-none max-wide:absolute max-wide:inset-y-0 max-wide:right-0 max-wide:z-20 max-wide:border-border max-wide:bg-raised max-wide:shadow-sheet"
    >
      <header className="flex h-44 shrink-0 items-center gap-8 border-b border-hairline pr-8 pl-16">
        {props.lead}
        <h2 className="min-w-0 truncate text-heading text-1">{props.title}</h2>
        {props.tags}
        <div className="ml-auto flex shrink-0 items-center gap-4">
          {props.actions}
          <IconButton icon={X} label="Close" shortcut="Escape" onClick={props.onClose} />
        </div>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto pb-16">{props.children}</div>
    </aside>
  );
}
