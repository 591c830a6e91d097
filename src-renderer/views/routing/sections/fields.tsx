import type { ReactNode } from 'react';
import type { YamlPath } from '../../../../src-shared/lattice-yaml/diagnostic.ts';
import type { PlainValue } from '../../../../src-shared/lattice-yaml/edit/edit.ts';
import { figureOf } from '../../../../src-shared/routing-editor/form-edits.ts';
import { Field } from '../../../ui/field.tsx';
import { Select, type SelectOption } from '../../../ui/select.tsx';
import { Switch } from '../../../ui/switch.tsx';
import { CommitInput } from './commit-input.tsx';
import { HelpWords } from './help-words.tsx';
import { useFormField } from './use-form-field.ts';

interface FieldAt {
  path: YamlPath;
  label: string;
  /** Instead of what the schema says. */
  hint?: ReactNode;
}

/** What a field says as text; a list or a map has none. */
function textOf(value: PlainValue): string {
  return value === null || typeof value === 'object' ? '' : String(value);
}

/** A text of one line; emptied, its key goes. */
export function TextField(
  props: FieldAt & {
    mono?: boolean;
    placeholder?: string;
    /** What the text stands for; the text itself without it. */
    read?: (text: string) => PlainValue;
    /** How a value is written in the field; only texts and numbers without it. */
    write?: (value: PlainValue) => string;
    /** What is wrong with a text while it is typed. */
    check?: (text: string) => string | undefined;
    /** What is said when it is emptied, where the entry cannot be without it. */
    needed?: string;
  },
): ReactNode {
  const { path, label, hint, mono = false, placeholder, read, write = textOf, check, needed } = props;
  const field = useFormField(path, `Change ${label.toLowerCase()}`);
  return (
    <Field label={label} hint={hint ?? <HelpWords text={field.hint} />} error={field.problem}>
      <CommitInput
        mono={mono}
        value={write(field.value)}
        placeholder={placeholder}
        onFocus={field.show}
        onTyped={(text) => field.warn(text === '' ? undefined : check?.(text))}
        onCommit={(text) => {
          if (text === '' && needed !== undefined) field.warn(needed);
          else field.set(text === '' ? undefined : (read?.(text) ?? text));
        }}
      />
    </Field>
  );
}

/** A number, or a word where the schema has one; what is neither shows its problem. */
export function NumberField(props: FieldAt & { placeholder?: string }): ReactNode {
  return <TextField {...props} read={figureOf} />;
}

/** Texts in one line, with commas between them; with `orText`, a single one is no list. */
export function ListField(props: FieldAt & { placeholder?: string; orText?: boolean }): ReactNode {
  const { orText = false, ...field } = props;
  return (
    <TextField
      {...field}
      mono
      read={(text) => {
        const parts = text
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== '');
        return orText && parts.length === 1 ? text : parts;
      }}
      write={(value) => (Array.isArray(value) ? value.map(String).join(', ') : textOf(value))}
    />
  );
}

/** One of several words; what stands there stays a choice also when nobody knows it. */
export function ChoiceField(
  props: FieldAt & {
    options: readonly SelectOption<string>[];
    /** What holds without the key; choosing it takes the key out. */
    without?: string;
    /** The choice that stands for a value that is no text. */
    shown?: string;
    /** What a choice stands for; the choice itself without it. */
    read?: (choice: string) => PlainValue;
  },
): ReactNode {
  const { path, label, hint, without, read } = props;
  const field = useFormField(path, `Change ${label.toLowerCase()}`);
  const value = props.shown ?? textOf(field.value);
  const options =
    without === undefined
      ? props.options
      : [{ value: '', label: without, meta: 'not set' }, ...props.options];
  const known = options.some((each) => each.value === value);
  return (
    <Field label={label} hint={hint ?? <HelpWords text={field.hint} />} error={field.problem}>
      <Select
        value={value}
        onChange={(next) => field.set(next === '' ? undefined : (read?.(next) ?? next))}
        options={known ? options : [{ value, label: value === '' ? 'Choose one' : value }, ...options]}
      />
    </Field>
  );
}

/** A switch; at what holds without the key, the key goes. */
export function SwitchField(
  props: FieldAt & {
    without: boolean;
    words: [on: string, off: string];
    /** What stands there when it is on; true without it. */
    on?: string;
  },
): ReactNode {
  const { path, label, hint, without, words, on: whenOn = true } = props;
  const field = useFormField(path, `Change ${label.toLowerCase()}`);
  const on = field.value === whenOn || (field.value !== false && without);
  return (
    <Field label={label} hint={hint ?? <HelpWords text={field.hint} />} error={field.problem}>
      <span className="flex h-32 items-center">
        <Switch
          on={on}
          label={label}
          onChange={(next) => field.set(next === without ? undefined : next && whenOn)}
          word={on ? words[0] : words[1]}
        />
      </span>
    </Field>
  );
}
