import { Select as BaseSelect } from '@base-ui/react/select';
import { Check, ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';
import { FLOAT, MENU_ITEM, POP } from './layer.ts';

export interface SelectOption<T extends string> {
  value: T;
  label: string;
  /** Weaker text at the right, for example the load. */
  meta?: string;
  /** A glyph before the label. */
  lead?: ReactNode;
}

export interface SelectProps<T extends string> {
  value: T;
  onChange(value: T): void;
  options: readonly SelectOption<T>[];
  /** Its name for a screen reader when no Field names it. */
  label?: string;
  /** `filter` is 24 high and as wide as its text, `form` is 32 high and fills the field. */
  size?: 'filter' | 'form';
  disabled?: boolean;
}

const SIZES = {
  filter: 'h-24 px-8 text-small font-medium border-border bg-surface text-2 hover:bg-hover',
  form: 'h-32 w-full px-10 text-body border-control bg-page text-1 data-disabled:border-border data-disabled:text-3',
} as const;

function Option<T extends string>({ option }: { option: SelectOption<T> | undefined }): ReactNode {
  return (
    <>
      {option?.lead}
      <span className="truncate">{option?.label}</span>
      {option?.meta !== undefined && <span className="ml-auto pl-8 text-small text-3">{option.meta}</span>}
    </>
  );
}

/** One of several, from a list that opens. */
export function Select<T extends string>(props: SelectProps<T>): ReactNode {
  const { value, onChange, options, label, size = 'form', disabled = false } = props;
  return (
    <BaseSelect.Root
      value={value}
      onValueChange={(next) => next !== null && onChange(next)}
      items={options}
      disabled={disabled}
    >
      <BaseSelect.Trigger
        aria-label={label}
        className={cx('inline-flex shrink-0 items-center gap-8 rounded-control border', SIZES[size])}
      >
        <BaseSelect.Value className="flex min-w-0 flex-1 items-center gap-8 text-left">
          {(chosen: T) => <Option option={options.find((option) => option.value === chosen)} />}
        </BaseSelect.Value>
        <Icon icon={ChevronDown} size={12} className="text-3" />
      </BaseSelect.Trigger>
      <BaseSelect.Portal>
        <BaseSelect.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50">
          <BaseSelect.Popup
            className={cx(FLOAT, POP, 'max-h-320 min-w-(--anchor-width) overflow-y-auto rounded-card p-4')}
          >
            {options.map((option) => (
              <BaseSelect.Item key={option.value} value={option.value} className={MENU_ITEM}>
                <Option option={option} />
                <BaseSelect.ItemIndicator className={cx(option.meta === undefined && 'ml-auto')}>
                  <Icon icon={Check} size={12} className="text-accent-text" />
                </BaseSelect.ItemIndicator>
              </BaseSelect.Item>
            ))}
          </BaseSelect.Popup>
        </BaseSelect.Positioner>
      </BaseSelect.Portal>
    </BaseSelect.Root>
  );
}
