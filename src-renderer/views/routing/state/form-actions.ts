import { LatticeError } from '../../../../src-shared/errors.ts';
import type { YamlPath } from '../../../../src-shared/lattice-yaml/diagnostic.ts';
import type { Edit, PlainValue } from '../../../../src-shared/lattice-yaml/edit/edit.ts';
import type { RunKind } from '../../../../src-shared/lattice-yaml/run-schema.ts';
import {
  fieldEdits,
  problemAfter,
  problemIn,
  removeEdits,
  saidAt,
  saidIn,
  scopeFor,
} from '../../../../src-shared/routing-editor/form-edits.ts';
import { withFieldText } from '../../../../src-shared/routing-editor/form-fragment.ts';
import { isPlainMap } from '../../../../src-shared/routing-editor/gestures.ts';
import { type LayerValues, mergedAt, originOf } from '../../../../src-shared/routing-editor/layers.ts';
import {
  lostKeys,
  RUN_KINDS,
  runKindEdits,
  runKindOf,
} from '../../../../src-shared/routing-editor/run-form.ts';
import { toast } from '../../../ui/toast.tsx';
import { edit, rewrite, select, undo } from './draft-actions.ts';
import { draftLayers, useDraft } from './draft-store.ts';

function valuesNow(): LayerValues {
  return useDraft.getState().reading?.values ?? [];
}

/**
 * Makes a field say a value, or nothing for undefined. A value that does not fit is not written: what is returned says
 * why.
 */
export function setField(path: YamlPath, value: PlainValue | undefined, label: string): string | undefined {
  const values = valuesNow();
  const scope = scopeFor(values, path);
  const edits = fieldEdits(saidIn(values, scope, []), path, value);
  if (edits.length === 0) return undefined;
  const problem = refusal(() => problemAfter(draftLayers(useDraft.getState()), scope, edits, path));
  if (problem === undefined) edit(scope, edits, label);
  return problem;
}

/**
 * Makes a field say what a person wrote as YAML, with its comments. What cannot stand there is not written: what is
 * returned says why.
 */
export function setFieldText(path: YamlPath, written: string, label: string): string | undefined {
  const values = valuesNow();
  const scope = scopeFor(values, path);
  const layers = draftLayers(useDraft.getState());
  const before = layers.find((layer) => layer.scope === scope)?.text ?? '';
  try {
    const text = withFieldText(before, saidIn(values, scope, []), path, written);
    const problem = problemIn(layers, scope, text, path);
    if (problem === undefined) rewrite(scope, text, label);
    return problem;
  } catch (error) {
    const { message, hint } = LatticeError.from(error);
    return hint === undefined ? message : `${message} ${hint}`;
  }
}

/** Adds a row with a name to a map; what is returned says why it cannot be added. */
export function addRow(path: YamlPath, name: string, value: PlainValue): string | undefined {
  if (saidAt(valuesNow(), [...path, name]) !== null) return `${name} is there already. Choose another name.`;
  return setField([...path, name], value, `Add ${name}`);
}

/** Makes a program, a coding agent or a model answer as an agent. */
export function changeRunKind(agent: string, kind: RunKind): void {
  const values = valuesNow();
  const path = ['agents', agent, 'run'];
  const was = runKindOf(mergedAt(values, path));
  const scope = originOf(values, [...path, was]) ?? scopeFor(values, path);
  const said = saidIn(values, scope, []);
  if (!edit(scope, runKindEdits(said, agent, kind), 'Change what answers')) return;
  select(path, scope);
  const gone = lostKeys(saidIn(values, scope, path), kind);
  if (gone.length === 0) return;
  toast({
    status: 'cancelled',
    title: `${RUN_KINDS[kind].title} answers now`,
    text: `It has no use for ${gone.join(', ')}, so the form took that out.`,
    action: { label: 'Undo', run: undo },
  });
}

/** What is wrong with a value; a text that cannot be edited at all is left for the edit to tell. */
function refusal(check: () => string | undefined): string | undefined {
  try {
    return check();
  } catch {
    return undefined;
  }
}

/** Adds an entry with a name to a section; what is returned says why it cannot be added. */
export function addEntry(path: YamlPath, value: PlainValue, label: string): string | undefined {
  if (saidAt(valuesNow(), path) !== null) return `${path.at(-1)} is there already. Choose another name.`;
  const problem = refusal(() =>
    problemAfter(draftLayers(useDraft.getState()), 'project', [{ kind: 'set', path, value }], path),
  );
  if (problem !== undefined) return problem;
  if (edit('project', [{ kind: 'set', path, value }], label)) select(path, 'project');
  return undefined;
}

/** Adds an item to the end of a list. */
export function addItem(path: YamlPath, value: PlainValue, label: string): string | undefined {
  const values = valuesNow();
  const scope = scopeFor(values, path);
  const said = saidIn(values, scope, path);
  const index = Array.isArray(said) ? said.length : 0;
  const at = [...path, index];
  const edits: Edit[] =
    said === null
      ? fieldEdits(saidIn(values, scope, []), path, [value])
      : [{ kind: 'insert', path, index, value }];
  const problem = refusal(() => problemAfter(draftLayers(useDraft.getState()), scope, edits, at));
  if (problem === undefined && edit(scope, edits, label)) select(at, scope);
  return problem;
}

/** Takes out what stands at a path, and offers to undo. */
export function removeAt(path: YamlPath, what: string): void {
  const values = valuesNow();
  const scope = scopeFor(values, path);
  if (!edit(scope, removeEdits(saidIn(values, scope, []), path), `Remove ${what}`)) return;
  toast({
    status: 'cancelled',
    title: `${what} is removed`,
    text: 'The file is written when you save.',
    action: { label: 'Undo', run: undo },
  });
}

/** Moves an item of a list by one place; whether it moved. */
export function moveItem(path: YamlPath, from: number, by: 1 | -1, what: string): boolean {
  const values = valuesNow();
  const scope = scopeFor(values, path);
  const said = saidIn(values, scope, path);
  const to = from + by;
  if (!Array.isArray(said) || to < 0 || to >= said.length) return false;
  const moved = edit(scope, [{ kind: 'move', path, from, to }], `Move ${what}`);
  if (moved) select([...path, to], scope);
  return moved;
}

/** Gives an entry of a section another name; what is returned says why it keeps its own. */
export function renameEntry(path: YamlPath, name: string): string | undefined {
  const values = valuesNow();
  const parent = path.slice(0, -1);
  if (name === '') return 'Write a name.';
  if (saidAt(values, [...parent, name]) !== null) return `${name} is there already. Choose another name.`;
  const scopes = values.filter(({ scope }) => {
    const said = saidIn(values, scope, parent);
    return isPlainMap(said) && Object.hasOwn(said, String(path.at(-1)));
  });
  for (const { scope } of scopes)
    if (!edit(scope, [{ kind: 'rename', path, name }], `Rename ${path.at(-1)}`)) return undefined;
  select([...parent, name]);
  return undefined;
}

/** The names of the entries of a section, of all files, in their order. */
export function namesIn(values: LayerValues, path: YamlPath): string[] {
  return [
    ...new Set(
      values.flatMap(({ scope }) => {
        const said = saidIn(values, scope, path);
        return isPlainMap(said) ? Object.keys(said) : [];
      }),
    ),
  ];
}
