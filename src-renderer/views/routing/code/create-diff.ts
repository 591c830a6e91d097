import { yaml } from '@codemirror/lang-yaml';
import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { editorLooks } from './editor-theme.ts';

/** Shows what changed between two texts in a shadow tree; nothing can be edited there. */
export function createDiff(root: ShadowRoot, before: string, after: string, label: string): Disposable {
  const frame = document.createElement('div');
  frame.style.height = '100%';
  root.append(frame);
  const view = new EditorView({
    root,
    parent: frame,
    state: EditorState.create({
      doc: after,
      extensions: [
        lineNumbers(),
        yaml(),
        editorLooks,
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        unifiedMergeView({
          original: before,
          mergeControls: false,
          gutter: true,
          collapseUnchanged: { margin: 3, minSize: 6 },
        }),
      ],
    }),
  });
  return {
    [Symbol.dispose]() {
      view.destroy();
      frame.remove();
    },
  };
}
