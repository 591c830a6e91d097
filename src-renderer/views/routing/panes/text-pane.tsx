import { CircleX, FileLock2, PanelBottom, Search, TriangleAlert } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useCallback, useState } from 'react';
import { cx } from '../../../ui/cx.ts';
import { plural } from '../../../ui/format.ts';
import { Icon } from '../../../ui/icon.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Loading } from '../../../ui/states.tsx';
import { dirtyScopes, reveals, useDraft } from '../state/draft-store.ts';

const CodePane = lazy(async () => ({ default: (await import('../code/code-pane.tsx')).CodePane }));

const SHORT_NAMES = { global: 'Your own', project: 'lattice.yaml', local: 'lattice.local.yaml' } as const;

/** The files as text, below the picture. */
export function TextPane({ folded, onFold }: { folded: boolean; onFold(): void }): ReactNode {
  const layers = useDraft((state) => state.files?.layers) ?? [];
  const scope = useDraft((state) => state.scope);
  const unsaved = useDraft((state) => dirtyScopes(state).join(' ')).split(' ');
  const [line, setLine] = useState(1);
  const [find, setFind] = useState<() => void>();
  const onReady = useCallback((next: (() => void) | undefined) => setFind(() => next), []);
  const layer = layers.find((each) => each.scope === scope);
  return (
    <section
      aria-label="Text"
      data-region
      tabIndex={-1}
      className={cx(
        'flex min-h-0 flex-col border-t border-hairline bg-inset outline-none',
        folded ? 'h-37 shrink-0' : 'flex-1',
      )}
    >
      <div className="flex h-36 shrink-0 items-center gap-4 border-b border-hairline bg-page pr-8 pl-12">
        <div
          role="tablist"
          aria-label="Files"
          className="flex min-w-80 items-center gap-2 overflow-x-auto p-1"
        >
          {layers.map((each) => {
            const dirty = unsaved.includes(each.scope);
            return (
              <button
                key={each.scope}
                type="button"
                role="tab"
                aria-selected={each.scope === scope}
                title={each.exists ? each.path : `${each.path} is not there yet; it is made when you save.`}
                onClick={() => useDraft.setState({ scope: each.scope })}
                className={cx(
                  'flex h-24 shrink-0 items-center gap-6 rounded-badge px-8 text-small font-semibold whitespace-nowrap',
                  each.scope === scope ? 'bg-segment-on text-1 ring-1 ring-border' : 'text-3 hover:text-1',
                )}
              >
                {SHORT_NAMES[each.scope]}
                {dirty && (
                  <span role="img" aria-label="not saved" className="size-6 rounded-full bg-accent-fill" />
                )}
              </button>
            );
          })}
        </div>
        <ProblemCount />
        {layer?.writable === false && (
          <span
            title="You can edit the draft here. To save it, allow writing to the file first."
            className="ml-4 flex shrink-0 items-center gap-6 text-small text-late"
          >
            <Icon icon={FileLock2} size={13} /> Read-only
          </span>
        )}
        <span className="figures ml-auto shrink-0 text-small text-3">Line {line}</span>
        <IconButton
          icon={Search}
          size={24}
          label="Find in the text"
          shortcut="Mod+F"
          onClick={() => find?.()}
        />
        <IconButton
          icon={PanelBottom}
          size={24}
          on={!folded}
          label={folded ? 'Show the text' : 'Fold the text'}
          onClick={onFold}
        />
      </div>
      {!folded && (
        <Suspense fallback={<Loading label="Loading the text" />}>
          <CodePane onLine={setLine} onReady={onReady} />
        </Suspense>
      )}
    </section>
  );
}

/** How many problems the shown file has; a press leads to the first. */
function ProblemCount(): ReactNode {
  const scope = useDraft((state) => state.scope);
  const problems = useDraft((state) => state.reading?.diagnostics);
  const here = problems?.filter((each) => each.scope === scope) ?? [];
  const errors = here.filter(({ severity }) => severity === 'error');
  const [first] = errors.length > 0 ? errors : here;
  if (first === undefined) return null;
  const isError = errors.length > 0;
  return (
    <button
      type="button"
      onClick={() => reveals.emit({ scope, path: first.path, focus: true })}
      className={cx(
        'ml-4 flex shrink-0 items-center gap-6 rounded-hint text-small',
        isError ? 'text-fail' : 'text-late',
      )}
    >
      <Icon icon={isError ? CircleX : TriangleAlert} size={13} />
      {isError ? plural(errors.length, 'error') : plural(here.length, 'warning')}
    </button>
  );
}
