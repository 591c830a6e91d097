import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';
import type { ReactNode } from 'react';
import { Icon, type IconType } from './icon.tsx';

export interface SegmentProps<T extends string> {
  /** What is chosen between, for a screen reader. */
  label: string;
  value: T;
  onChange(value: T): void;
  disabled?: boolean;
  options: readonly { value: T; label: string; icon?: IconType }[];
}

/** A choice of a few that are all in sight, 28 high. */
export function Segment<T extends string>(props: SegmentProps<T>): ReactNode {
  const { label, value, onChange, options, disabled = false } = props;
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      disabled={disabled}
      onValueChange={(next) => {
        const chosen = options.find((option) => option.value === next[0]);
        if (chosen !== undefined) onChange(chosen.value);
      }}
      className="inline-flex h-28 shrink-0 items-center rounded-control border border-border bg-segment p-1"
    >
      {options.map((option) => (
        <Toggle
          key={option.value}
          value={option.value}
          className="inline-flex h-24 items-center gap-6 rounded-badge px-10 text-body font-medium text-2 transition-colors duration-120 hover:text-1 data-disabled:text-off data-pressed:bg-segment-on data-pressed:text-1 data-pressed:ring-1 data-pressed:ring-border"
        >
          {option.icon !== undefined && <Icon icon={option.icon} />}
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
