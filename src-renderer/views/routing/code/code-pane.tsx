import { memo, type ReactNode, useCallback, useEffect, useRef } from 'react';
import type { YamlPath } from '../../../../src-shared/lattice-yaml/diagnostic.ts';
import { pathAt, placeOf } from '../../../../src-shared/routing-editor/places.ts';
import type { LayerScope } from '../../../../src-shared/views/routing.ts';
import { redo, typed, undo } from '../state/draft-actions.ts';
import {
  type AgentPart,
  outsideChanges,
  type Panel,
  reveals,
  SECTION_PANELS,
  useDraft,
} from '../state/draft-store.ts';
import { modelsOfReading } from '../state/use-basis.ts';
import { type CodeEditor, createCodeEditor } from './create-editor.ts';
import { ShadowHost } from './shadow-host.tsx';

export interface CodePaneProps {
  onLine(line: number): void;
  /** Gets the way to open the search, while the editor is there. */
  onReady(find: (() => void) | undefined): void;
}

/** The text of the chosen file: what is typed is the draft, and the cursor and the selected thing follow each other. */
export const CodePane = memo(function CodePane({ onLine, onReady }: CodePaneProps): ReactNode {
  const editor = useRef<CodeEditor>(undefined);
  const scope = useDraft((state) => state.scope);
  const reading = useDraft((state) => state.reading);
  const layer = useDraft((state) => state.files?.layers.find((each) => each.scope === state.scope));
  const readable = layer?.problem === undefined;
  const mount = useCallback(
    (root: ShadowRoot) => {
      const { texts, selected, scope: shown } = useDraft.getState();
      const made = createCodeEditor({
        root,
        text: texts[shown] ?? '',
        label: 'Text of the configuration',
        onTyped: (changes) => typed(useDraft.getState().scope, changes),
        onCursor: followCursor,
        onLine,
        onUndo: undo,
        onRedo: redo,
        models: () => modelsOfReading(useDraft.getState().reading),
        onOther: ({ scope: where, other }) => {
          if (other !== undefined) reveals.emit({ scope: where, path: other.path, focus: true });
        },
      });
      editor.current = made;
      goToPath(made, selected, shown, false);
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
    const { texts, selected } = useDraft.getState();
    editor.current?.show(texts[scope] ?? '', !readable);
    goToPath(editor.current, selected, scope, false);
  }, [scope, readable]);
  useEffect(() => {
    const problems = reading?.diagnostics.filter((each) => each.scope === scope) ?? [];
    editor.current?.setProblems(problems);
  }, [reading, scope]);
  useEffect(() => {
    const changed = outsideChanges.on((change) => {
      if (change.scope === useDraft.getState().scope) editor.current?.change(change.changes);
    });
    const revealed = reveals.on(({ scope: where, path, focus }) => {
      if (where === useDraft.getState().scope) goToPath(editor.current, path, where, focus);
    });
    return () => {
      changed[Symbol.dispose]();
      revealed[Symbol.dispose]();
    };
  }, []);
  return <ShadowHost mount={mount} className="flex-1" />;
});

/** Puts the cursor where a path stands; an agent is shown from its first line on. */
function goToPath(editor: CodeEditor | undefined, path: YamlPath, scope: LayerScope, focus: boolean): void {
  const place = placeOf(useDraft.getState().reading?.places[scope] ?? [], path);
  if (place !== undefined) editor?.goTo(place.from, { focus, atTop: path.length <= 2 });
}

/** Selects what stands at the cursor, and shows its agent. */
function followCursor(offset: number): void {
  const { reading, scope, agent, panel, revision } = useDraft.getState();
  // Until the text was read again, its places are those of before.
  if (reading?.revision !== revision) return;
  const path = pathAt(reading.places[scope] ?? [], offset);
  if (path === undefined) return;
  const [section, name, key] = path;
  const known = reading.agents.some((each) => each.name === name);
  if (section === 'agents' && typeof name === 'string' && known)
    useDraft.setState({
      selected: path,
      ...(agent === name && panel === 'agent' ? {} : { agent: name, panel: 'agent' }),
      ...partAt(key),
    });
  else if (section === 'providers' && panel === 'budgets') useDraft.setState({ selected: path });
  else if (PROJECT_KEYS.includes(String(section)) || name === 'agents_dir')
    useDraft.setState({ selected: path, panel: 'project' });
  else if (section === 'plugin_config') useDraft.setState({ selected: path, panel: 'plugins' });
  else if (section === 'defaults' || SECTION_PANELS.some((each) => each === section))
    useDraft.setState({ selected: path, panel: section as Panel });
  else useDraft.setState({ selected: path });
}

const PROJECT_KEYS = ['name', 'description', 'version', 'author'];
const SETTINGS_KEYS = [
  'capabilities',
  'tags',
  'input',
  'approval',
  'local_budget',
  'daily_budget',
  'daily_calls',
];

/** Which part of an agent a key of it is shown in; a key that stands beside its name leaves what is shown. */
function partAt(key: string | number | undefined): { part?: AgentPart } {
  if (key === 'routing' || key === 'run') return { part: key };
  return SETTINGS_KEYS.includes(String(key)) ? { part: 'settings' } : {};
}
