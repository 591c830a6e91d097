import { Field as BaseField } from '@base-ui/react/field';
import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';

export interface FieldProps {
  label: ReactNode;
  /** What a person should know before typing. */
  hint?: ReactNode;
  /** What is wrong and what fits. */
  error?: string | undefined;
  /** `left` puts the label in a column of 112 beside the control. */
  layout?: 'above' | 'left';
  disabled?: boolean;
  children: ReactNode;
}

/** A label, a control (Input, Select, Switch), a hint and an error that belong together. */
export function Field({
  label,
  hint,
  error,
  layout = 'above',
  disabled = false,
  children,
}: FieldProps): ReactNode {
  const left = layout === 'left';
  return (
    <BaseField.Root
      invalid={error !== undefined}
      disabled={disabled}
      className={left ? 'grid grid-cols-[112px_minmax(0,1fr)] gap-x-16' : 'flex flex-col gap-6'}
    >
      <BaseField.Label className={cx('text-body', left ? 'py-6 text-2' : 'text-small font-medium text-2')}>
        {label}
      </BaseField.Label>
      <div className="flex min-w-0 flex-col gap-4">
        <div className={cx('flex min-w-0 items-center', left && 'min-h-32')}>{children}</div>
        {hint !== undefined && error === undefined && (
          <BaseField.Description className="text-small text-pretty text-3">{hint}</BaseField.Description>
        )}
        {error !== undefined && (
          <BaseField.Error match className="flex items-start gap-6 text-small text-fail">
            <Icon icon={CircleAlert} size={12} className="mt-2" />
            {error}
          </BaseField.Error>
        )}
      </div>
    </BaseField.Root>
  );
}
