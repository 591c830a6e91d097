import { type ReactNode, useCallback, useEffect, useRef } from 'react';
import { pathAt, placeOf } from '../../../../src-shared/routing-editor/places.ts';
import { redo, typed, undo } from '../state/draft-actions.ts';
import { outsideChanges, reveals, useDraft } from '../state/draft-store.ts';
import { modelsOfReading } from '../state/use-basis.ts';
import { type CodeEditor, createCodeEditor } from './create-editor.ts';
import { ShadowHost } from './shadow-host.tsx';

export interface CodePaneProps {
  onLine(line: number): void;
  /** Gets the way to open the search, while the editor is there. */
  onReady(find: (() => void) | undefined): void;
}

/** The text of the chosen file: what is typed is the draft, and the cursor and the selected thing follow each other. */
export function CodePane({ onLine, onReady }: CodePaneProps): ReactNode {
  const editor = useRef<CodeEditor>(undefined);
  const scope = useDraft((state) => state.scope);
  const reading = useDraft((state) => state.reading);
  const layer = useDraft((state) => state.files?.layers.find((each) => each.scope === state.scope));
  const writable = layer?.writable !== false && layer?.problem === undefined;
  const mount = useCallback(
    (root: ShadowRoot) => {
      const { texts, scope: shown } = useDraft.getState();
      const made = createCodeEditor({
        root,
        text: texts[shown] ?? '',
        label: 'Text of the configuration',
        onTyped: (changes) => typed(useDraft.getState().scope, changes),
        onCursor: (offset, line) => {
          onLine(line);
          followCursor(offset);
        },
        onUndo: undo,
        onRedo: redo,
        models: () => modelsOfReading(useDraft.getState().reading),
        onOther: ({ scope: where, other }) => {
          if (other !== undefined) reveals.emit({ scope: where, path: other.path, focus: true });
        },
      });
      editor.current = made;
      onReady(() => made.find());
      return {
        [Symbol.dispose]: () => {
          onReady(undefined);
          editor.current = undefined;
          made[Symbol.dispose]();
        },
      };
    },
    [onLine, onReady],
  );
  useEffect(() => {
    editor.current?.show(useDraft.getState().texts[scope] ?? '', !writable);
  }, [scope, writable]);
  useEffect(() => {
    const problems = reading?.diagnostics.filter((each) => each.scope === scope) ?? [];
    editor.current?.setProblems(problems);
  }, [reading, scope]);
  useEffect(() => {
    const changed = outsideChanges.on((change) => {
      if (change.scope === useDraft.getState().scope) editor.current?.change(change.changes);
    });
    const revealed = reveals.on(({ scope: where, path, focus }) => {
      const { reading: now, scope: shown } = useDraft.getState();
      const place = placeOf(now?.places[where] ?? [], path);
      if (where === shown && place !== undefined) {
        editor.current?.goTo(place.from, focus);
      }
    });
    return () => {
      changed[Symbol.dispose]();
      revealed[Symbol.dispose]();
    };
  }, []);
  return <ShadowHost mount={mount} className="flex-1" />;
}

/** Selects what stands at the cursor, and shows its agent. */
function followCursor(offset: number): void {
  const { reading, scope, agent, panel } = useDraft.getState();
  const path = pathAt(reading?.places[scope] ?? [], offset);
  if (path === undefined) return;
  const [section, name] = path;
  const known = reading?.agents.some((each) => each.name === name) === true;
  if (section === 'agents' && typeof name === 'string' && known)
    useDraft.setState({
      selected: path,
      ...(agent === name && panel === 'agent' ? {} : { agent: name, panel: 'agent' }),
    });
  else if (section === 'defaults' || section === 'providers')
    useDraft.setState({ selected: path, panel: section });
  else useDraft.setState({ selected: path });
}
