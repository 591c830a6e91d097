import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { autocompletion } from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import { hoverTooltip } from '@codemirror/view';
import { keysAt, schemaAt, valuesAt } from '../../../../src-shared/routing-editor/schema-walk.ts';
import { contextAt } from '../../../../src-shared/routing-editor/yaml-context.ts';

/** Completion and hover text from the schema of lattice.yaml; `models` are offered where a model is written. */
export function schemaHelp(models: () => readonly string[]): Extension {
  const complete = (context: CompletionContext): CompletionResult | null => {
    const text = context.state.doc.toString();
    const at = contextAt(text, context.pos);
    if (at === undefined || (!context.explicit && at.typed === '')) return null;
    const options =
      at.kind === 'key'
        ? keysAt(at.path).map(({ name, description, type }) => ({
            label: name,
            apply: `${name}: `,
            type: 'property',
            detail: type,
            ...(description === undefined ? {} : { info: description }),
          }))
        : valuesAt(at.path, models()).map((label) => ({ label, type: 'enum' }));
    return options.length === 0 ? null : { from: at.from, options, validFor: /^[\w./:@-]*$/ };
  };
  const hover = hoverTooltip((view, position) => {
    const line = view.state.doc.lineAt(position);
    const at = contextAt(view.state.doc.toString(), line.to);
    const key = /^\s*(?:- )?([\w-]+):/.exec(line.text)?.[1];
    if (at === undefined || key === undefined || position > line.from + line.text.indexOf(':')) return null;
    const path = at.kind === 'key' ? [...at.path, key] : at.path;
    const schema = schemaAt(path);
    if (schema?.description === undefined) return null;
    const { description } = schema;
    return {
      pos: line.from + line.text.indexOf(key),
      end: line.from + line.text.indexOf(':'),
      above: true,
      create: () => {
        const dom = document.createElement('div');
        dom.className = 'cm-schema-help';
        const name = document.createElement('strong');
        name.textContent = key;
        dom.append(name, document.createElement('br'), description);
        return { dom };
      },
    };
  });
  return [autocompletion({ override: [complete], icons: false }), hover];
}
