import { defaultKeymap, history, redo, undo } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { Annotation, Compartment, EditorState, Transaction } from '@codemirror/state';
import { drawSelection, EditorView, keymap, placeholder } from '@codemirror/view';
import { editorLooks } from './editor-theme.ts';

export interface FragmentEditorOptions {
  /** Where it stands; a shadow tree, as the window's policy allows no style elements. */
  root: ShadowRoot;
  text: string;
  label: string;
  placeholder: string;
  onFocus(): void;
  onTyped(text: string): void;
  /** The person is done with it: it was left, or Ctrl Enter was pressed. */
  onCommit(text: string): void;
  /** Escape was pressed. */
  onEscape(): void;
  /** There is nothing more to take back, or to make again, in what is typed here. */
  onUndo(): void;
  onRedo(): void;
}

/** A small text editor for a part of a file. */
export interface FragmentEditor extends Disposable {
  /** Replaces its text, unless it says that already. */
  show(text: string): void;
  /** Tells what is wrong with it to a screen reader; undefined when nothing is. */
  warn(problem: string | undefined): void;
}

const fromOutside = Annotation.define<true>();

const looks = EditorView.theme({
  '&': { height: 'auto', backgroundColor: 'transparent' },
  '.cm-scroller': { maxHeight: '220px', minHeight: '50px', overflow: 'auto' },
  '.cm-content': { padding: '5px 0' },
  '.cm-line': { padding: '0 10px' },
  '.cm-placeholder': { color: 'var(--text-color-3)' },
});

/** Makes the editor in its shadow tree. Tab leaves it, as in every other field. */
export function createFragmentEditor(options: FragmentEditorOptions): FragmentEditor {
  const { root, label } = options;
  const frame = document.createElement('div');
  root.append(frame);
  const past = new Compartment();
  const commit = () => {
    // What is taken over is a step of the draft; from here on it is taken back there.
    view.dispatch({ effects: past.reconfigure([]) });
    view.dispatch({ effects: past.reconfigure(history()) });
    options.onCommit(view.state.doc.toString());
    return true;
  };
  const view: EditorView = new EditorView({
    root,
    parent: frame,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        looks,
        drawSelection(),
        past.of(history()),
        indentOnInput(),
        bracketMatching(),
        yaml(),
        editorLooks,
        placeholder(options.placeholder),
        EditorState.tabSize.of(2),
        EditorView.contentAttributes.of({ 'aria-label': label, 'aria-multiline': 'true' }),
        EditorView.domEventHandlers({
          focus: () => options.onFocus(),
          blur: () => void commit(),
        }),
        keymap.of([
          { key: 'Mod-Enter', run: commit },
          { key: 'Mod-z', run: (target) => undo(target) || acted(options.onUndo), preventDefault: true },
          {
            key: 'Mod-Shift-z',
            run: (target) => redo(target) || acted(options.onRedo),
            preventDefault: true,
          },
          { key: 'Mod-y', run: (target) => redo(target) || acted(options.onRedo), preventDefault: true },
          {
            key: 'Escape',
            stopPropagation: true,
            run: () => {
              options.onEscape();
              return true;
            },
          },
          ...defaultKeymap,
        ]),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged || update.transactions.some((each) => each.annotation(fromOutside))) return;
          options.onTyped(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    show(text) {
      if (view.state.doc.toString() === text) return;
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        annotations: [fromOutside.of(true), Transaction.addToHistory.of(false)],
      });
    },
    warn(problem) {
      view.contentDOM.setAttribute('aria-invalid', String(problem !== undefined));
      if (problem === undefined) view.contentDOM.removeAttribute('aria-description');
      else view.contentDOM.setAttribute('aria-description', problem);
    },
    [Symbol.dispose]() {
      view.destroy();
      frame.remove();
    },
  };
}

function acted(act: () => void): true {
  act();
  return true;
}
