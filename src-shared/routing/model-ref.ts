/** A model as the configuration names it: `provider/model`; everything after the first slash belongs to the model. */
export interface ModelRef {
  /** The whole name, such as `anthropic/claude-sonnet-4-5`. */
  readonly name: string;
  readonly provider: string;
  readonly model: string;
  /** False when the name cannot be read as `provider/model`. */
  readonly valid: boolean;
}

/** Reads a model name. Never throws: a name that cannot be read is kept and marked. */
export function modelRef(name: unknown): ModelRef {
  const text = shown(name);
  const slash = text.indexOf('/');
  const valid = typeof name === 'string' && slash > 0 && slash < text.length - 1 && !/\s/.test(text);
  return valid
    ? { name: text, provider: text.slice(0, slash), model: text.slice(slash + 1), valid }
    : { name: text, provider: '', model: text, valid };
}

/** A value of a configuration as text; what is no text is named by its kind. */
export function shown(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : `(${typeof value})`;
}
