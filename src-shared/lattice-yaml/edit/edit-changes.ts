import { isMap, isScalar, isSeq } from 'yaml';
import { copyOf } from './copy.ts';
import type { Edit } from './edit.ts';
import { collectionAt, indexOf, plainAt } from './find.ts';
import { applyPlain, leadsNowhere, moved } from './plain.ts';
import { rearrange } from './rearrange.ts';
import { scalarText } from './render.ts';
import { keepAll, newEntry, setChanges } from './set.ts';
import type { YamlSource } from './source.ts';
import type { TextChange } from './text-change.ts';

/** The changes of a text that an edit needs. @throws LatticeError `invalid_input` for a path that leads nowhere. */
export function editChanges(source: YamlSource, edit: Edit): TextChange[] {
  if (edit.kind === 'set') return setChanges(source, edit.path, edit.value);
  const path = edit.kind === 'move' || edit.kind === 'insert' ? edit.path : edit.path.slice(0, -1);
  const node = collectionAt(source, path);
  // Behind an alias or a merge stands text that others use too, so the whole is written out here.
  if (node === undefined || node.items.length === 0)
    return setChanges(source, path, plainAt(applyPlain(source.plain(), edit), path));
  if (edit.kind === 'insert') {
    if (!isSeq(node)) throw leadsNowhere(edit.path);
    const entry = newEntry(source, node, undefined, edit.value);
    return rearrange(source, node, keepAll(node).toSpliced(edit.index, 0, entry));
  }
  if (edit.kind === 'move') {
    const order = moved([...node.items.keys()], edit);
    return rearrange(
      source,
      node,
      order.map((index) => (index === edit.from ? { take: index } : { keep: index })),
    );
  }
  const index = indexOf(node, edit.path.at(-1) ?? '');
  if (index < 0) throw leadsNowhere(edit.path);
  switch (edit.kind) {
    case 'remove':
      if (node.items.length === 1 && path.length > 0) return setChanges(source, path, isSeq(node) ? [] : {});
      return rearrange(source, node, keepAll(node).toSpliced(index, 1));
    case 'rename': {
      const key = isMap(node) ? node.items[index]?.key : undefined;
      if (!isScalar(key) || !key.range) throw leadsNowhere(edit.path);
      const [from, to] = key.range;
      return [{ from, to, insert: scalarText(edit.name, node.flow === true, key.type ?? null) }];
    }
    case 'duplicate': {
      if (!isMap(node)) throw leadsNowhere(edit.path);
      const copy = { text: copyOf(source, node, index, edit.name) };
      return rearrange(source, node, keepAll(node).toSpliced(index + 1, 0, copy));
    }
    default:
      return edit satisfies never;
  }
}
