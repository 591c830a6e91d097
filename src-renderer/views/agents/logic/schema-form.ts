/** What every field of a form has. */
interface FieldBase {
  key: string;
  label: string;
  hint?: string | undefined;
  required: boolean;
}

/** A value that can be chosen; `value` is its JSON. */
export interface Choice {
  value: string;
  label: string;
}

/** One field of the form that a JSON Schema asks for; `json` is for all that has no better control. */
export type FormField =
  | (FieldBase & {
      kind: 'text';
      initial: string;
      minLength?: number | undefined;
      maxLength?: number | undefined;
      pattern?: RegExp | undefined;
    })
  | (FieldBase & {
      kind: 'number';
      initial: string;
      whole: boolean;
      min?: number | undefined;
      max?: number | undefined;
    })
  | (FieldBase & { kind: 'switch'; initial: boolean })
  | (FieldBase & { kind: 'select'; initial: string; choices: readonly Choice[] })
  | (FieldBase & { kind: 'lines'; initial: string })
  | (FieldBase & { kind: 'json'; initial: string });

/** What a person entered, by key: texts, and the state of switches. */
export type FormValues = Readonly<Record<string, string | boolean>>;

/** The key of the one field that stands for a schema without known properties: its value is the whole context. */
export const WHOLE_CONTEXT = '';

type Schema = Readonly<Record<string, unknown>>;

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** `dry_run` and `dryRun` as *Dry run*. */
export function labelOf(key: string): string {
  const words = key
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_\-.\s]+/g, ' ')
    .trim();
  if (words === '') return key;
  const spoken = words.replace(/\b[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase());
  return spoken.charAt(0).toUpperCase() + spoken.slice(1);
}

function patternOf(value: unknown): RegExp | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    return new RegExp(value, 'u');
  } catch {
    return undefined;
  }
}

function jsonText(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value, null, 2);
}

function isListOfTexts(schema: Schema): boolean {
  return isSchema(schema.items) && schema.items.type === 'string' && schema.items.enum === undefined;
}

/** A whole number keeps whole limits; exclusive limits of others cannot be shown and are left to the agent. */
function limitsOf(schema: Schema, whole: boolean): { min: number | undefined; max: number | undefined } {
  const above = numberOf(schema.exclusiveMinimum);
  const below = numberOf(schema.exclusiveMaximum);
  return {
    min: numberOf(schema.minimum) ?? (whole && above !== undefined ? Math.floor(above) + 1 : undefined),
    max: numberOf(schema.maximum) ?? (whole && below !== undefined ? Math.ceil(below) - 1 : undefined),
  };
}

function choicesOf(values: readonly unknown[]): Choice[] {
  return values.map((value) => ({
    value: JSON.stringify(value) ?? 'null',
    label: typeof value === 'string' ? value : JSON.stringify(value),
  }));
}

function fieldOf(key: string, given: unknown, required: boolean): FormField {
  const schema = isSchema(given) ? given : {};
  const base: FieldBase = {
    key,
    label: textOf(schema.title) ?? labelOf(key),
    hint: textOf(schema.description),
    required,
  };
  const initial = schema.default;
  if (Array.isArray(schema.enum) && schema.enum.length > 0) {
    const choices = choicesOf(schema.enum);
    const wanted = initial === undefined ? undefined : JSON.stringify(initial);
    const first = required ? choices[0]?.value : undefined;
    const known = choices.some((choice) => choice.value === wanted) ? wanted : first;
    return { ...base, kind: 'select', choices, initial: known ?? '' };
  }
  switch (schema.type) {
    case 'string':
      return {
        ...base,
        kind: 'text',
        initial: typeof initial === 'string' ? initial : '',
        minLength: numberOf(schema.minLength),
        maxLength: numberOf(schema.maxLength),
        pattern: patternOf(schema.pattern),
      };
    case 'integer':
    case 'number': {
      const whole = schema.type === 'integer';
      const start = numberOf(initial);
      return {
        ...base,
        kind: 'number',
        whole,
        initial: start === undefined ? '' : String(start),
        ...limitsOf(schema, whole),
      };
    }
    case 'boolean':
      return { ...base, kind: 'switch', initial: initial === true };
    case 'array':
      if (isListOfTexts(schema))
        return {
          ...base,
          kind: 'lines',
          initial: Array.isArray(initial) ? initial.map(String).join('\n') : '',
        };
      break;
  }
  return { ...base, kind: 'json', initial: jsonText(initial) };
}

/** The fields of the form for an agent's input schema; required ones keep their place. */
export function fieldsOf(schema: unknown): FormField[] {
  if (!isSchema(schema)) return [];
  if (isSchema(schema.properties)) {
    const required: readonly unknown[] = Array.isArray(schema.required) ? schema.required : [];
    return Object.entries(schema.properties).map(([key, given]) =>
      fieldOf(key, given, required.includes(key)),
    );
  }
  if (Object.keys(schema).length === 0) return [];
  return [
    {
      key: WHOLE_CONTEXT,
      label: 'Context',
      hint: textOf(schema.description) ?? 'What travels with the task, as a JSON object.',
      required: false,
      kind: 'json',
      initial: jsonText(schema.default),
    },
  ];
}

/** What stands in the form before anyone typed. */
export function initialValues(fields: readonly FormField[]): FormValues {
  return Object.fromEntries(fields.map((field) => [field.key, field.initial]));
}
