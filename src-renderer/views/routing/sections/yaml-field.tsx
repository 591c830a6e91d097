import { CircleAlert } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import type { YamlPath } from '../../../../src-shared/lattice-yaml/diagnostic.ts';
import { saidIn, scopeFor } from '../../../../src-shared/routing-editor/form-edits.ts';
import { fieldText } from '../../../../src-shared/routing-editor/form-fragment.ts';
import { cx } from '../../../ui/cx.ts';
import { Icon } from '../../../ui/icon.tsx';
import { useDraft } from '../state/draft-store.ts';
import { setFieldText } from '../state/form-actions.ts';
import { HelpWords } from './help-words.tsx';
import { useFormField } from './use-form-field.ts';

const FragmentPane = lazy(async () => ({
  default: (await import('../code/fragment-pane.tsx')).FragmentPane,
}));

/** A value that has no form of its own, as YAML with its comments: what stands in the file, and nothing else. */
export function YamlField(props: {
  path: YamlPath;
  label: string;
  hint?: ReactNode;
  /** An example of what may be written. */
  placeholder: string;
}): ReactNode {
  const { path, label, hint, placeholder } = props;
  const field = useFormField(path, `Change ${label.toLowerCase()}`);
  const text = useTextAt(path);
  const { problem } = field;
  return (
    <fieldset aria-label={label} className="flex min-w-0 flex-col gap-6">
      <span className="text-small font-medium text-2">{label}</span>
      <div
        className={cx(
          'min-h-60 overflow-hidden rounded-control border bg-page focus-within:outline-2 focus-within:outline-accent-text',
          problem === undefined ? 'border-control' : 'border-fail-fill',
        )}
      >
        <Suspense fallback={null}>
          <FragmentPane
            label={label}
            text={text}
            placeholder={placeholder}
            problem={problem}
            onFocus={field.show}
            onTyped={() => field.warn(undefined)}
            onCommit={(written) => field.warn(setFieldText(path, written, `Change ${label.toLowerCase()}`))}
          />
        </Suspense>
      </div>
      {problem === undefined ? (
        <p className="text-small text-3">{hint ?? <HelpWords text={field.hint} />}</p>
      ) : (
        <p role="status" className="flex items-start gap-6 text-small text-fail">
          <Icon icon={CircleAlert} size={12} className="mt-2" />
          {problem}
        </p>
      )}
    </fieldset>
  );
}

/** What the file that a change goes into says at a path, as it is written; while the text was not read yet, as it was. */
function useTextAt(path: YamlPath): string {
  const [text, setText] = useState(() => textNow(path) ?? '');
  const reading = useDraft((state) => state.reading);
  const key = JSON.stringify(path);
  useEffect(() => {
    const now = reading === undefined ? undefined : textNow(JSON.parse(key) as YamlPath);
    if (now !== undefined) setText(now);
  }, [reading, key]);
  return text;
}

function textNow(path: YamlPath): string | undefined {
  const { reading, revision, texts } = useDraft.getState();
  if (reading === undefined || reading.revision !== revision || !reading.readable) return undefined;
  const scope = scopeFor(reading.values, path);
  return fieldText(texts[scope] ?? '', reading.places[scope] ?? [], saidIn(reading.values, scope, []), path);
}
