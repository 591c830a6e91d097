import { type ReactNode, useCallback, useEffect, useRef } from 'react';
import { redo, undo } from '../state/draft-actions.ts';
import {
  createFragmentEditor,
  type FragmentEditor,
  type FragmentEditorOptions,
} from './create-fragment-editor.ts';
import { ShadowHost } from './shadow-host.tsx';

export interface FragmentPaneProps
  extends Omit<FragmentEditorOptions, 'root' | 'onEscape' | 'onUndo' | 'onRedo'> {
  problem: string | undefined;
}

/** A part of the file as a small text; what is typed is handed on when it is left, Escape takes it back. */
export function FragmentPane(props: FragmentPaneProps): ReactNode {
  const { text, problem } = props;
  const editor = useRef<FragmentEditor>(undefined);
  const current = useRef(props);
  const sent = useRef(text);
  useEffect(() => {
    current.current = props;
  });
  const mount = useCallback((root: ShadowRoot) => {
    const { label, placeholder, text: first } = current.current;
    const commit = (written: string) => {
      if (written.trimEnd() === sent.current) return;
      sent.current = written.trimEnd();
      current.current.onCommit(written.trimEnd());
    };
    const made = createFragmentEditor({
      root,
      text: first,
      label,
      placeholder,
      onFocus: () => current.current.onFocus(),
      onTyped: (written) => current.current.onTyped(written),
      onCommit: commit,
      onEscape: () => {
        sent.current = current.current.text;
        made.show(sent.current);
        current.current.onTyped(sent.current);
      },
      onUndo: undo,
      onRedo: redo,
    });
    editor.current = made;
    return {
      [Symbol.dispose]: () => {
        editor.current = undefined;
        made[Symbol.dispose]();
      },
    };
  }, []);
  useEffect(() => {
    sent.current = text;
    editor.current?.show(text);
  }, [text]);
  useEffect(() => editor.current?.warn(problem), [problem]);
  return <ShadowHost mount={mount} className="w-full" />;
}
