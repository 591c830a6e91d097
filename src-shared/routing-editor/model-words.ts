/** A model in little room: `anthropic/claude-sonnet-4-5` is `sonnet-4-5`. */
export function shortModel(name: string): string {
  const model = name.slice(name.lastIndexOf('/') + 1);
  return model.replace(/^claude-(?=.)/, '');
}

/** The provider of a model name; empty when it names none. */
export function providerOf(name: string): string {
  const slash = name.indexOf('/');
  return slash < 0 ? '' : name.slice(0, slash);
}
