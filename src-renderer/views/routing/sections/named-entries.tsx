import { type ReactNode, useMemo } from 'react';
import type { YamlPath } from '../../../../src-shared/lattice-yaml/diagnostic.ts';
import { useFocusAt } from '../pictures/use-focus-at.ts';
import { useDraft } from '../state/draft-store.ts';
import { namesIn, removeAt } from '../state/form-actions.ts';
import { AddEntry } from './add-entry.tsx';
import { EntryCard } from './entry-card.tsx';

/** The entries of a section by their names, each with its form, and below them the way to add one. */
export function NamedEntries(props: {
  section: 'providers' | 'commands' | 'mcp' | 'plugin_config';
  /** One of them, for example *command*. */
  one: string;
  /** What is said while there is none. */
  none: string;
  placeholder?: string;
  /** What is written to add one, and the button that adds it; made from `one` without them. */
  label?: string;
  button?: string;
  summary(name: string): ReactNode;
  onAdd(name: string): string | undefined;
  children(path: YamlPath, name: string): ReactNode;
}): ReactNode {
  const { section, one, none, placeholder, summary, onAdd, children } = props;
  const values = useDraft((state) => state.reading?.values);
  const names = useMemo(() => namesIn(values ?? [], [section]), [values, section]);
  const { container, focusAt } = useFocusAt();
  return (
    <fieldset ref={container} aria-label={`Every ${one}`} className="flex min-w-0 flex-col gap-8">
      {names.length === 0 && (
        <p className="rounded-card border border-dashed border-border px-16 py-24 text-center text-body text-2">
          {none}
        </p>
      )}
      <ul aria-label={`Every ${one}`} className="flex flex-col gap-8 empty:hidden">
        {names.map((name, place) => (
          <EntryCard
            key={name}
            path={[section, name]}
            place={place}
            name={name}
            title={name}
            summary={summary(name)}
            onRemove={() => {
              removeAt([section, name], name);
              focusAt(Math.max(0, place - 1));
            }}
            onFocusAt={(next) => focusAt(Math.max(0, Math.min(next, names.length)))}
          >
            {children([section, name], name)}
          </EntryCard>
        ))}
      </ul>
      <AddEntry
        label={props.label ?? `Name of the new ${one}`}
        button={props.button ?? `Add a ${one}`}
        place={names.length}
        onAdd={onAdd}
        {...(placeholder === undefined ? {} : { placeholder })}
      />
    </fieldset>
  );
}
