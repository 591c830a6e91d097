import { Plus, X } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import type { YamlPath } from '../../../../src-shared/lattice-yaml/diagnostic.ts';
import { Button } from '../../../ui/button.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { addItem, setField } from '../state/form-actions.ts';
import { CommitInput } from './commit-input.tsx';
import { HelpWords } from './help-words.tsx';
import { useFormField } from './use-form-field.ts';

/** Texts one below the other, such as rules that may hold any letter. */
export function ItemsField(props: {
  path: YamlPath;
  label: string;
  /** One of them, for example *rule*. */
  one: string;
  placeholder: string;
}): ReactNode {
  const { path, label, one, placeholder } = props;
  const field = useFormField(path, `Change ${label.toLowerCase()}`);
  const [adding, setAdding] = useState(false);
  const [problem, setProblem] = useState<string>();
  const add = useRef<HTMLButtonElement>(null);
  const items: readonly unknown[] = Array.isArray(field.value) ? field.value : [];
  const wrong = problem ?? field.problem;
  const named = (index: number) => `${label}, ${one} ${index + 1}`;
  const remove = (index: number) => {
    setProblem(setField([...path, index], undefined, `Remove a ${one}`));
    add.current?.focus();
  };
  return (
    <fieldset aria-label={label} className="flex min-w-0 flex-col gap-6">
      <span className="text-small font-medium text-2">{label}</span>
      {[...items.keys()].map((index) => (
        <div key={index} className="flex items-center gap-8">
          <CommitInput
            mono
            label={named(index)}
            value={String(items[index])}
            onFocus={field.show}
            onCommit={(next) =>
              next === '' ? remove(index) : setProblem(setField([...path, index], next, `Change a ${one}`))
            }
          />
          <IconButton icon={X} size={24} label={`Remove ${named(index)}`} onClick={() => remove(index)} />
        </div>
      ))}
      {adding && (
        <CommitInput
          mono
          autoFocus
          label={`${label}, new ${one}`}
          placeholder={placeholder}
          value=""
          onLeave={(by) => {
            setAdding(false);
            if (by === 'keys') add.current?.focus();
          }}
          onCommit={(next) => {
            if (next !== '') setProblem(addItem(path, next, `Add a ${one}`));
          }}
        />
      )}
      <div>
        <Button
          ref={add}
          size="small"
          icon={Plus}
          aria-label={`${label}, add a ${one}`}
          onClick={() => setAdding(true)}
        >
          Add a {one}
        </Button>
      </div>
      <p role="status" className={wrong === undefined ? 'text-small text-3' : 'text-small text-fail'}>
        {wrong ?? <HelpWords text={field.hint} />}
      </p>
    </fieldset>
  );
}
