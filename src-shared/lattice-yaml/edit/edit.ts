import { LatticeError } from '../../errors.ts';
import type { YamlPath } from '../diagnostic.ts';
import { editChanges } from './edit-changes.ts';
import { applyPlain, samePlain } from './plain.ts';
import { sourceOf } from './source.ts';
import { applyChanges, type TextChange } from './text-change.ts';

/** Data as YAML and JSON have it. */
export type PlainValue = string | number | boolean | null | readonly PlainValue[] | PlainMap;
export interface PlainMap {
  readonly [key: string]: PlainValue;
}

/** One change of what a document says. Indexes count from 0; a path of `move` names the list or map whose entries move. */
export type Edit =
  /** Makes `path` say `value`; keys on the way that are missing are made. What stays equal keeps its text, keys that stay their place. */
  | { readonly kind: 'set'; readonly path: YamlPath; readonly value: PlainValue }
  /** Puts `value` into the list at `path`, before the item at `index`. */
  | { readonly kind: 'insert'; readonly path: YamlPath; readonly index: number; readonly value: PlainValue }
  | { readonly kind: 'remove'; readonly path: YamlPath }
  | { readonly kind: 'move'; readonly path: YamlPath; readonly from: number; readonly to: number }
  /** Gives the key at the end of `path` another name, in its place. */
  | { readonly kind: 'rename'; readonly path: YamlPath; readonly name: string }
  /** Copies the entry at `path`, its text and comments, under another name right after it. */
  | { readonly kind: 'duplicate'; readonly path: YamlPath; readonly name: string };

/** A text after an edit, and the changes that made it. */
export interface EditedText {
  readonly text: string;
  /** In the order of the text, with offsets of the text before. */
  readonly changes: readonly TextChange[];
}

/**
 * Changes what a YAML text says by changing only the lines that say it: comments, anchors, order, unknown keys and
 * spacing of all other lines stay, byte for byte.
 * @throws LatticeError `invalid_input` for a text with mistakes or a path that leads nowhere; `unsupported` when the text is
 * built so that the change cannot be made without changing other things too.
 */
export function applyEdit(text: string, edit: Edit): EditedText {
  const source = sourceOf(text);
  const before = source.plain();
  const wanted = applyPlain(before, edit);
  const changes = samePlain(before, wanted) && edit.kind !== 'move' ? [] : editChanges(source, edit);
  const after = applyChanges(text, changes);
  if (changes.length > 0 && !says(after, wanted)) {
    throw new LatticeError(
      'unsupported',
      'This part of the file is written in a way that only fits a change by hand.',
      {
        hint: 'Change it in the text.',
      },
    );
  }
  return { text: after, changes };
}

/** Applies edits one after the other. @throws what {@link applyEdit} throws; then none of them holds. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  return edits.reduce((current, edit) => applyEdit(current, edit).text, text);
}

function says(text: string, wanted: PlainValue): boolean {
  try {
    return samePlain(sourceOf(text).plain(), wanted);
  } catch {
    return false;
  }
}
