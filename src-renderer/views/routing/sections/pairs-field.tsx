import { Plus, X } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import type { YamlPath } from '../../../../src-shared/lattice-yaml/diagnostic.ts';
import { isPlainMap } from '../../../../src-shared/routing-editor/gestures.ts';
import { Button } from '../../../ui/button.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { renameEntry, setField } from '../state/form-actions.ts';
import { CommitInput } from './commit-input.tsx';
import { HelpWords } from './help-words.tsx';
import { useFormField } from './use-form-field.ts';

/** Names with a text each, such as headers and variables. */
export function PairsField(props: {
  path: YamlPath;
  label: string;
  /** One of them, for example *header*. */
  one: string;
}): ReactNode {
  const { path, label, one } = props;
  const field = useFormField(path, `Change ${label.toLowerCase()}`);
  const [adding, setAdding] = useState(false);
  const [problem, setProblem] = useState<string>();
  const add = useRef<HTMLButtonElement>(null);
  const pairs = isPlainMap(field.value) ? Object.entries(field.value) : [];
  const wrong = problem ?? field.problem;
  return (
    <fieldset aria-label={label} className="flex min-w-0 flex-col gap-6">
      <span className="text-small font-medium text-2">{label}</span>
      {pairs.map(([name, value]) => (
        <div key={name} className="flex items-center gap-8">
          <CommitInput
            mono
            label={`Name of the ${one} ${name}`}
            value={name}
            onFocus={field.show}
            onCommit={(next) => setProblem(renameEntry([...path, name], next))}
          />
          <CommitInput
            mono
            label={`Value of the ${one} ${name}`}
            value={value === null ? '' : String(value)}
            placeholder={`\${${name.toUpperCase().replace(/\W+/g, '_')}}`}
            onFocus={field.show}
            onCommit={(next) => setProblem(setField([...path, name], next, `Change ${name}`))}
          />
          <IconButton
            icon={X}
            size={24}
            label={`Remove the ${one} ${name}`}
            onClick={() => {
              setProblem(setField([...path, name], undefined, `Remove ${name}`));
              add.current?.focus();
            }}
          />
        </div>
      ))}
      {adding && (
        <span className="max-w-280">
          <CommitInput
            mono
            autoFocus
            label={`Name of the new ${one}`}
            placeholder="Name, then Enter"
            value=""
            onLeave={(by) => {
              setAdding(false);
              if (by === 'keys') add.current?.focus();
            }}
            onCommit={(name) => {
              if (name === '') return;
              setProblem(
                setField([...path, name], `\${${name.toUpperCase().replace(/\W+/g, '_')}}`, `Add ${name}`),
              );
            }}
          />
        </span>
      )}
      <div>
        <Button ref={add} size="small" icon={Plus} onClick={() => setAdding(true)}>
          Add a {one}
        </Button>
      </div>
      <p className={wrong === undefined ? 'text-small text-3' : 'text-small text-fail'}>
        {wrong ?? <HelpWords text={field.hint} />}
      </p>
    </fieldset>
  );
}
