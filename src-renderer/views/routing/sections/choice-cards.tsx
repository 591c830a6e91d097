import { type ReactNode, useId } from 'react';

/** One of a few that each need a sentence, as cards beside each other. */
export function ChoiceCards<T extends string>(props: {
  label: string;
  value: T | undefined;
  choices: readonly { value: T; title: string; text: string; meta?: string }[];
  onChange(value: T): void;
  onFocus?: () => void;
}): ReactNode {
  const { label, value, choices, onChange, onFocus } = props;
  const name = useId();
  const columns = choices.length === 3 ? 'minmax(min(180px,100%),1fr)' : 'minmax(min(340px,100%),1fr)';
  return (
    <fieldset
      aria-label={label}
      className="grid min-w-0 gap-8"
      style={{ gridTemplateColumns: `repeat(auto-fit,${columns})` }}
    >
      {choices.map((each) => (
        <label
          key={each.value}
          className="flex cursor-default items-start gap-10 rounded-card border border-border bg-surface px-12 py-10 hover:border-strong has-checked:border-accent-line has-checked:bg-accent-subtle has-focus-visible:outline-2"
        >
          <input
            type="radio"
            name={name}
            value={each.value}
            checked={each.value === value}
            onChange={() => onChange(each.value)}
            onFocus={onFocus}
            className="mt-4 accent-(--color-accent)"
          />
          <span className="flex min-w-0 flex-col gap-2">
            <span className="flex items-baseline gap-8 text-body font-semibold text-1">
              {each.title}
              {each.meta !== undefined && (
                <span className="font-mono text-small font-normal text-3">{each.meta}</span>
              )}
            </span>
            <span className="text-small text-2">{each.text}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
