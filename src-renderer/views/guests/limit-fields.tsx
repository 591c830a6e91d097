import type { ReactNode } from 'react';
import {
  GUEST_LIMIT_KEYS,
  GUEST_LIMITS,
  type GuestLimitKey,
  type LimitTexts,
} from '../../../src-shared/guest-limits.ts';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';

export interface LimitFieldsProps {
  texts: LimitTexts;
  onChange(texts: LimitTexts): void;
  problems: Partial<Record<GuestLimitKey, string>>;
  /** What a person should know of a limit beside its meaning. */
  notes?: Partial<Record<GuestLimitKey, string>>;
}

/** The fields for what a guest lattice may use up. */
export function LimitFields({ texts, onChange, problems, notes = {} }: LimitFieldsProps): ReactNode {
  return (
    <fieldset aria-label="Limits" className="grid grid-cols-2 gap-x-16 gap-y-12">
      {GUEST_LIMIT_KEYS.map((key) => (
        <Field
          key={key}
          label={GUEST_LIMITS[key].title}
          hint={notes[key] ?? GUEST_LIMITS[key].meaning}
          error={problems[key]}
        >
          <Input
            value={texts[key]}
            maxLength={24}
            onChange={(event) => onChange({ ...texts, [key]: event.target.value })}
          />
        </Field>
      ))}
    </fieldset>
  );
}
