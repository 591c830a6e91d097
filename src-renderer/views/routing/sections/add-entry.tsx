import { Plus } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Input } from '../../../ui/input.tsx';

/** Adds something by a name that a person writes; `onAdd` returns why it cannot be added. */
export function AddEntry(props: {
  /** What is written, for example *Name of the new command*. */
  label: string;
  button: string;
  placeholder?: string;
  /** Its place in the focus order of the list above it. */
  place: number;
  onAdd(name: string): string | undefined;
}): ReactNode {
  const { label, button, placeholder, place, onAdd } = props;
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string>();
  const problemId = useId();
  const add = () => {
    const wanted = name.trim();
    if (wanted === '') return;
    const found = onAdd(wanted);
    setProblem(found);
    if (found === undefined) setName('');
  };
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center gap-8">
        <Input
          mono
          data-place={place}
          aria-label={label}
          aria-invalid={problem !== undefined}
          aria-describedby={problemId}
          placeholder={placeholder ?? label}
          value={name}
          className="max-w-280"
          onValueChange={(next) => {
            setName(next);
            setProblem(undefined);
          }}
          onKeyDown={(event) => event.key === 'Enter' && add()}
        />
        <Button
          size="large"
          icon={Plus}
          onClick={add}
          disabledReason={name.trim() === '' ? 'Write its name first.' : undefined}
        >
          {button}
        </Button>
      </div>
      <p id={problemId} role="status" className="text-small text-fail empty:hidden">
        {problem}
      </p>
    </div>
  );
}
