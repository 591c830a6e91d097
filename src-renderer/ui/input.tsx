import { Input as BaseInput } from '@base-ui/react/input';
import { Search } from 'lucide-react';
import type { ComponentProps, ReactNode, Ref } from 'react';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';
import { KeyHint } from './key-hint.tsx';

export interface InputProps extends Omit<ComponentProps<typeof BaseInput>, 'className'> {
  mono?: boolean;
  className?: string;
}

const FORM =
  'w-full rounded-control border border-control bg-page px-10 text-body text-1 data-invalid:border-fail-fill data-disabled:border-border data-disabled:text-3 select-text';

/** A form input, 32 high; inside a Field it takes its label and error from there. */
export function Input({ mono, className, ...rest }: InputProps): ReactNode {
  return <BaseInput {...rest} className={cx(FORM, 'h-32', mono && 'font-mono text-mono', className)} />;
}

/** A form input of several lines. */
export function Textarea({ className, rows = 3, ...rest }: ComponentProps<'textarea'>): ReactNode {
  const frame = cx(FORM, 'block resize-y py-8', className);
  return <BaseInput render={<textarea rows={rows} {...rest} />} className={frame} />;
}

export interface FilterFieldProps {
  /** Says what is filtered: name and placeholder. */
  label: string;
  value: string;
  onChange(value: string): void;
  ref?: Ref<HTMLInputElement>;
  className?: string;
}

/** The filter of a list, 28 high; `/` moves the focus to it, Esc empties it and then leaves. */
export function FilterField({ label, value, onChange, ref, className }: FilterFieldProps): ReactNode {
  return (
    <div
      className={cx(
        'flex h-28 w-220 items-center gap-8 rounded-control border border-border bg-surface px-8 text-3 focus-within:border-accent-text',
        className,
      )}
    >
      <Icon icon={Search} size={14} />
      <input
        ref={ref}
        type="text"
        data-filter-field
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          if (value === '') event.currentTarget.blur();
          else onChange('');
        }}
        className="min-w-0 flex-1 bg-transparent text-body text-1 outline-none select-text"
      />
      {value === '' && <KeyHint keys="/" />}
    </div>
  );
}
