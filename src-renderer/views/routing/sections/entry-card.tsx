import { ChevronDown, ChevronRight, ChevronUp, CircleAlert, X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useId } from 'react';
import type { YamlPath } from '../../../../src-shared/lattice-yaml/diagnostic.ts';
import { problemWords, startsWith } from '../../../../src-shared/routing-editor/form-edits.ts';
import { originOf } from '../../../../src-shared/routing-editor/layers.ts';
import { cx } from '../../../ui/cx.ts';
import { Icon } from '../../../ui/icon.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { select } from '../state/draft-actions.ts';
import { useDraft } from '../state/draft-store.ts';

export interface EntryCardProps {
  path: YamlPath;
  /** Its place in the list, for the focus. */
  place: number;
  /** Its name for a screen reader. */
  name: string;
  title: ReactNode;
  /** What it says in short, while it is closed. */
  summary?: ReactNode;
  onRemove(): void;
  /** Moves it by one place. */
  onMove?: (by: 1 | -1) => void;
  /** Moves the focus to another entry. */
  onFocusAt(place: number): void;
  children: ReactNode;
}

/** An entry of a section that opens to its form; the cursor of the text opens it too. */
export function EntryCard(props: EntryCardProps): ReactNode {
  const { path, place, name, title, summary, onRemove, onMove, onFocusAt, children } = props;
  const open = useDraft((state) => startsWith(state.selected, path));
  const problem = useDraft((state) => problemWords(state.reading?.diagnostics ?? [], path));
  const origin = useDraft((state) => originOf(state.reading?.values ?? [], path));
  const id = useId();
  const keys = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by !== undefined && event.altKey) onMove?.(by as 1 | -1);
    else if (by !== undefined) onFocusAt(place + by);
    else if (event.key === 'Delete') onRemove();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <li className="rounded-card border border-border bg-surface">
      <div className="flex min-h-36 items-center gap-4 pr-6">
        <button
          type="button"
          data-place={place}
          aria-label={problem === undefined ? name : `${name}, ${problem}`}
          aria-expanded={open}
          aria-controls={id}
          aria-keyshortcuts={onMove === undefined ? 'Delete' : 'Alt+ArrowUp Alt+ArrowDown Delete'}
          onClick={() => select(open ? path.slice(0, 1) : path)}
          onKeyDown={keys}
          className="flex min-h-36 min-w-0 flex-1 items-center gap-8 rounded-card pl-10 text-left"
        >
          <Icon icon={open ? ChevronDown : ChevronRight} size={12} className="text-3" />
          <span className="shrink-0 text-body font-semibold text-1">{title}</span>
          <span className="flex min-w-0 flex-1 items-center gap-8 truncate text-small text-3">{summary}</span>
          {problem !== undefined && <Icon icon={CircleAlert} size={13} className="text-fail" />}
          {origin !== undefined && origin !== 'project' && (
            <Tag tone="run">{origin === 'local' ? 'lattice.local.yaml' : 'Your own file'}</Tag>
          )}
        </button>
        {onMove !== undefined && (
          <>
            <IconButton icon={ChevronUp} size={24} label={`Move ${name} up`} onClick={() => onMove(-1)} />
            <IconButton icon={ChevronDown} size={24} label={`Move ${name} down`} onClick={() => onMove(1)} />
          </>
        )}
        <IconButton icon={X} size={24} label={`Remove ${name}`} onClick={onRemove} />
      </div>
      <div id={id} className={cx('border-t border-hairline px-12 pt-10 pb-14', !open && 'hidden')}>
        {open && children}
      </div>
    </li>
  );
}

/** The fields of an entry, two beside each other where there is room. */
export function EntryFields({ children }: { children: ReactNode }): ReactNode {
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(min(240px,100%),1fr))] gap-x-16 gap-y-12">
      {children}
    </div>
  );
}

/** A field that takes the whole width of its entry. */
export function Wide({ children }: { children: ReactNode }): ReactNode {
  return <div className="col-span-full">{children}</div>;
}
