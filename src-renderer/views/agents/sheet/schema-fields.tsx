import type { ReactNode } from 'react';
import { assertNever } from '../../../../src-shared/errors.ts';
import { Field } from '../../../ui/field.tsx';
import { Input, Textarea } from '../../../ui/input.tsx';
import { Select } from '../../../ui/select.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { rangeText } from '../logic/read-form.ts';
import type { FormField, FormValues } from '../logic/schema-form.ts';

interface ControlProps {
  field: FormField;
  value: string | boolean | undefined;
  onChange(value: string | boolean): void;
}

/** Rows of a box for several lines: as many as it has, within limits. */
function rowsFor(text: string): number {
  return Math.min(Math.max(text.split('\n').length, 2), 8);
}

function Control({ field, value, onChange }: ControlProps): ReactNode {
  const text = typeof value === 'string' ? value : '';
  const optional = field.required ? '' : 'Optional';
  switch (field.kind) {
    case 'switch':
      return <Switch on={value === true} onChange={onChange} word={value === true ? 'On' : 'Off'} />;
    case 'select':
      return (
        <Select
          value={text}
          onChange={onChange}
          options={field.required ? field.choices : [{ value: '', label: 'Not set' }, ...field.choices]}
        />
      );
    case 'number':
      return (
        <>
          <Input
            value={text}
            onValueChange={onChange}
            inputMode={field.whole ? 'numeric' : 'decimal'}
            placeholder={optional}
            className="figures max-w-120"
          />
          <span className="pl-10 text-body whitespace-nowrap text-3">{rangeText(field.min, field.max)}</span>
        </>
      );
    case 'text':
      return <Input value={text} onValueChange={onChange} placeholder={optional} />;
    case 'lines':
      return (
        <Textarea
          rows={rowsFor(text)}
          value={text}
          onChange={(event) => onChange(event.target.value)}
          placeholder={field.required ? 'One per line' : 'Optional, one per line'}
        />
      );
    case 'json':
      return (
        <Textarea
          rows={rowsFor(text)}
          value={text}
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
          placeholder={field.required ? 'JSON' : 'Optional, JSON'}
          className="font-mono text-mono"
        />
      );
    default:
      return assertNever(field);
  }
}

export interface SchemaFieldsProps {
  fields: readonly FormField[];
  values: FormValues;
  errors: Readonly<Record<string, string>>;
  onChange(key: string, value: string | boolean): void;
}

/** The form that an agent's input schema asks for. */
export function SchemaFields({ fields, values, errors, onChange }: SchemaFieldsProps): ReactNode {
  return fields.map((field) => (
    <Field key={field.key} label={field.label} hint={field.hint} error={errors[field.key]} layout="left">
      <Control field={field} value={values[field.key]} onChange={(value) => onChange(field.key, value)} />
    </Field>
  ));
}
