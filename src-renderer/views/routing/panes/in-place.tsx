import { type ReactNode, useRef, useState } from 'react';
import { CommitInput } from '../sections/commit-input.tsx';

/** A text that becomes a field where it stands; `onCommit` returns why a text does not fit. */
export function InPlace(props: {
  /** What it is, for a screen reader. */
  label: string;
  value: string;
  placeholder?: string;
  className: string;
  title?: string;
  children: ReactNode;
  onCommit(text: string): string | undefined;
}): ReactNode {
  const { label, value, placeholder, className, title, children, onCommit } = props;
  const [editing, setEditing] = useState(false);
  const [problem, setProblem] = useState<string>();
  const refused = useRef(false);
  const button = useRef<HTMLButtonElement>(null);
  const end = (by: 'keys' | 'focus') => {
    if (refused.current && by === 'keys') return;
    setEditing(false);
    setProblem(undefined);
    if (by === 'keys') requestAnimationFrame(() => button.current?.focus());
  };
  if (!editing)
    return (
      <button
        ref={button}
        type="button"
        className={className}
        title={title}
        aria-label={`${label}, change`}
        onClick={() => {
          refused.current = false;
          setEditing(true);
        }}
      >
        {children}
      </button>
    );
  return (
    <span className="flex min-w-160 flex-1 items-center gap-8">
      <CommitInput
        mono
        autoFocus
        label={label}
        value={value}
        placeholder={placeholder}
        invalid={problem !== undefined}
        onTyped={() => {
          refused.current = false;
          setProblem(undefined);
        }}
        onCommit={(text) => {
          const found = onCommit(text);
          refused.current = found !== undefined;
          setProblem(found);
        }}
        onLeave={end}
      />
      {problem !== undefined && (
        <span role="status" className="text-small text-fail">
          {problem}
        </span>
      )}
    </span>
  );
}
