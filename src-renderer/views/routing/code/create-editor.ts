import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from '@codemirror/language';
import { openSearchPanel, search, searchKeymap } from '@codemirror/search';
import { Annotation, Compartment, EditorState } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { TextChange } from '../../../../src-shared/lattice-yaml/edit/text-change.ts';
import type { DraftProblem } from '../../../../src-shared/routing-editor/draft-reading.ts';
import { editorLooks } from './editor-theme.ts';
import { problemBoxes, showProblems } from './problems.ts';
import { schemaHelp } from './schema-help.ts';

export interface CodeEditorOptions {
  /** Where it stands; a shadow tree, as the window's policy allows no style elements. */
  root: ShadowRoot;
  text: string;
  label: string;
  onTyped(changes: TextChange[]): void;
  /** The cursor went to an offset by the person's doing. */
  onCursor(offset: number): void;
  /** The line of the cursor, however it got there. */
  onLine(line: number): void;
  onUndo(): void;
  onRedo(): void;
  models(): readonly string[];
  onOther(problem: DraftProblem): void;
}

/** A text editor for one file. */
export interface CodeEditor extends Disposable {
  /** Replaces the whole text, for another file. */
  show(text: string, readOnly: boolean): void;
  /** Takes over changes that were made elsewhere. */
  change(changes: readonly TextChange[]): void;
  setProblems(problems: readonly DraftProblem[]): void;
  /** Puts the cursor at an offset and scrolls there; the focus moves only when asked. */
  goTo(offset: number, options: { focus: boolean; atTop: boolean }): void;
  find(): void;
}

/** Marks a transaction that did not come from a person in the editor. */
const fromOutside = Annotation.define<true>();

/** Makes the editor in its shadow tree. */
export function createCodeEditor(options: CodeEditorOptions): CodeEditor {
  const { root } = options;
  const reading = new Compartment();
  const frame = document.createElement('div');
  frame.style.height = '100%';
  root.append(frame);
  const view = new EditorView({
    root,
    parent: frame,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        lineNumbers(),
        foldGutter(),
        drawSelection(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        yaml(),
        search({ top: true }),
        schemaHelp(options.models),
        problemBoxes,
        editorLooks,
        reading.of([]),
        EditorState.tabSize.of(2),
        EditorView.contentAttributes.of({ 'aria-label': options.label, tabindex: '0' }),
        keymap.of([
          { key: 'Mod-z', run: acted(options.onUndo), preventDefault: true },
          { key: 'Mod-Shift-z', run: acted(options.onRedo), preventDefault: true },
          { key: 'Mod-y', run: acted(options.onRedo), preventDefault: true },
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...searchKeymap,
          ...foldKeymap,
          ...defaultKeymap,
        ]),
        EditorView.updateListener.of((update) => {
          const { head } = update.state.selection.main;
          if (update.selectionSet || update.docChanged) options.onLine(update.state.doc.lineAt(head).number);
          if (update.transactions.some((each) => each.annotation(fromOutside))) return;
          if (update.docChanged) {
            const changes: TextChange[] = [];
            update.changes.iterChanges((from, to, _fromB, _toB, inserted) => {
              changes.push({ from, to, insert: inserted.toString() });
            });
            options.onTyped(changes);
          }
          if (update.selectionSet && !update.docChanged) options.onCursor(head);
        }),
      ],
    }),
  });
  return {
    show(text, readOnly) {
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        effects: reading.reconfigure(readOnly ? EditorState.readOnly.of(true) : []),
        annotations: fromOutside.of(true),
      });
    },
    change(changes) {
      view.dispatch({ changes: [...changes], annotations: fromOutside.of(true) });
    },
    setProblems: (problems) => showProblems(view, problems, options.onOther),
    goTo(offset, { focus, atTop }) {
      const anchor = Math.min(offset, view.state.doc.length);
      view.dispatch({
        selection: { anchor },
        effects: EditorView.scrollIntoView(anchor, {
          y: atTop ? 'start' : 'nearest',
          yMargin: atTop ? 8 : 60,
        }),
        annotations: fromOutside.of(true),
      });
      if (focus) view.focus();
    },
    find() {
      view.focus();
      openSearchPanel(view);
    },
    [Symbol.dispose]() {
      view.destroy();
      frame.remove();
    },
  };
}

function acted(act: () => void): () => boolean {
  return () => {
    act();
    return true;
  };
}
