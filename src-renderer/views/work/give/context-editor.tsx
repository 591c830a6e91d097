import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../../ui/button.tsx';
import { AddChip } from '../../../ui/chip.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Input } from '../../../ui/input.tsx';
import type { ContextEntry } from './values.ts';

export interface ContextEditorProps {
  entries: readonly ContextEntry[];
  /** Names that the agent says it takes. */
  known: readonly string[];
  onChange(entries: readonly ContextEntry[]): void;
}

/** Values that travel with a task, as rows of name and value. */
export function ContextEditor({ entries, known, onChange }: ContextEditorProps): ReactNode {
  const nextId = Math.max(-1, ...entries.map((entry) => entry.id)) + 1;
  const missing = known.filter((key) => entries.every((entry) => entry.key !== key));
  const add = (key: string) => onChange([...entries, { id: nextId, key, value: '' }]);
  const set = (id: number, change: Partial<ContextEntry>) =>
    onChange(entries.map((entry) => (entry.id === id ? { ...entry, ...change } : entry)));
  return (
    <div className="flex min-w-0 flex-1 flex-col items-start gap-6">
      {entries.map((entry) => (
        <div key={entry.id} className="flex w-full items-center gap-6">
          <Input
            mono
            aria-label="Name"
            placeholder="name"
            value={entry.key}
            onChange={(event) => set(entry.id, { key: event.target.value })}
            className="max-w-140"
          />
          <Input
            mono
            aria-label={`Value of ${entry.key === '' ? 'it' : entry.key}`}
            placeholder="value"
            value={entry.value}
            onChange={(event) => set(entry.id, { value: event.target.value })}
          />
          <IconButton
            icon={X}
            label="Remove the value"
            onClick={() => onChange(entries.filter((other) => other.id !== entry.id))}
          />
        </div>
      ))}
      <div className="flex flex-wrap gap-6">
        {missing.map((key) => (
          <AddChip key={key} onClick={() => add(key)}>
            {key}
          </AddChip>
        ))}
        <Button size="small" variant="plain" icon={Plus} onClick={() => add('')}>
          Add a value
        </Button>
      </div>
    </div>
  );
}
