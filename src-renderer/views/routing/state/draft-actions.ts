import { LatticeError } from '../../../../src-shared/errors.ts';
import type { YamlPath } from '../../../../src-shared/lattice-yaml/diagnostic.ts';
import { applyEdits, type Edit } from '../../../../src-shared/lattice-yaml/edit/edit.ts';
import { applyChanges, type TextChange } from '../../../../src-shared/lattice-yaml/edit/text-change.ts';
import {
  changesBetween,
  recorded,
  redone,
  undone,
} from '../../../../src-shared/routing-editor/draft-history.ts';
import { readDraft } from '../../../../src-shared/routing-editor/draft-reading.ts';
import { moveToLocal, originOf } from '../../../../src-shared/routing-editor/layers.ts';
import {
  type LayerScope,
  type RoutingConflict,
  type RoutingFiles,
  routingConflictSchema,
} from '../../../../src-shared/views/routing.ts';
import { call } from '../../../data/queries.ts';
import { toast, toastError } from '../../../ui/toast.tsx';
import { dirtyScopes, draftLayers, outsideChanges, type Panel, reveals, useDraft } from './draft-store.ts';
import { Reader } from './reader.ts';

/** Files up to this size are read at once after a gesture, in characters; larger ones by the reading thread. */
const READ_AT_ONCE = 60_000;
/** Typing rests this long before the text is read, in milliseconds. */
const TYPING_MS = 80;
/** Letters typed within this time are one step of undo, in milliseconds. */
const STEP_MS = 600;

let reader: Reader | undefined;
let typing: ReturnType<typeof setTimeout> | undefined;
let group = 0;
let lastTyped = { at: 0, scope: undefined as LayerScope | undefined };

/** The thread that reads and replays; started when it is first needed. */
export function draftReader(): Reader {
  reader ??= new Reader((reading) => {
    if (reading.revision >= (useDraft.getState().reading?.revision ?? -1)) useDraft.setState({ reading });
  });
  return reader;
}

/** Reads the texts of the draft again, at once where they are small. */
function readAgain(now: boolean): void {
  const state = useDraft.getState();
  const layers = draftLayers(state).map(({ scope, name, text }) => ({ scope, name, text }));
  const size = layers.reduce((sum, { text }) => sum + text.length, 0);
  if (now && size <= READ_AT_ONCE)
    useDraft.setState({ reading: readDraft(layers, state.revision, state.reading) });
  else draftReader().read(layers, state.revision, state.reading);
}

/** Takes over what is on disk: into files that nobody edited at once, for the others it is a conflict. */
export function takeFiles(files: RoutingFiles): void {
  const state = useDraft.getState();
  const moved = state.files !== undefined && state.files.project_dir !== files.project_dir;
  const texts = moved ? {} : { ...state.texts };
  const base = moved ? {} : { ...state.base };
  const conflicts = moved ? {} : { ...state.conflicts };
  for (const { scope, text, digest, problem } of files.layers) {
    if (problem !== undefined) continue;
    const before = base[scope];
    const draft = texts[scope];
    const isEdited = before !== undefined && draft !== undefined && draft !== before.text;
    if (isEdited && draft !== text) {
      if (digest !== before.digest) conflicts[scope] = { text, digest };
      continue;
    }
    base[scope] = { text, digest };
    delete conflicts[scope];
    if (draft !== text) {
      texts[scope] = text;
      outsideChanges.emit({ scope, changes: changesBetween(draft ?? '', text) });
    }
  }
  useDraft.setState({
    files,
    base,
    texts,
    conflicts,
    revision: state.revision + 1,
    ...(moved ? { history: { done: [], undone: [] }, agent: undefined } : {}),
  });
  readAgain(true);
}

/** Changes one text and remembers how to take it back; steps with one label and group are one undo. */
function change(scope: LayerScope, changes: readonly TextChange[], label: string, step: number): void {
  if (changes.length === 0) return;
  const { texts, history, revision, base, savedStep } = useDraft.getState();
  const before = texts[scope] ?? '';
  const isFirst = dirtyScopes({ base, texts }).length === 0;
  useDraft.setState({
    savedStep: isFirst ? step - 1 : savedStep,
    texts: { ...texts, [scope]: applyChanges(before, changes) },
    history: recorded(history, { scope, before, changes, group: step, label }),
    revision: revision + 1,
  });
}

/** Makes a change that the picture or a form asks for; says why when the file does not allow it. */
export function edit(scope: LayerScope, edits: readonly Edit[], label: string): boolean {
  const text = useDraft.getState().texts[scope] ?? '';
  try {
    const changes = changesBetween(text, applyEdits(text, edits));
    change(scope, changes, label, ++group);
    outsideChanges.emit({ scope, changes });
    readAgain(true);
    return true;
  } catch (error) {
    const { message, hint } = LatticeError.from(error);
    toast({ status: 'late', title: label, text: hint === undefined ? message : `${message} ${hint}` });
    return false;
  }
}

/** Makes one file say a text that a form made, as one step. */
export function rewrite(scope: LayerScope, text: string, label: string): void {
  replaceText(scope, text, label, ++group);
  readAgain(true);
}

/** Takes over what a person typed; letters typed in one go are one step. */
export function typed(scope: LayerScope, changes: readonly TextChange[]): void {
  const now = performance.now();
  if (now - lastTyped.at > STEP_MS || lastTyped.scope !== scope) group++;
  lastTyped = { at: now, scope };
  change(scope, changes, 'Typing', group);
  clearTimeout(typing);
  typing = setTimeout(() => readAgain(false), TYPING_MS);
}

function step(which: typeof undone): void {
  const { history, texts, revision } = useDraft.getState();
  const next = which(history, texts);
  if (next === undefined) return;
  lastTyped = { at: 0, scope: undefined };
  useDraft.setState({ history: next.history, texts: next.texts, revision: revision + 1 });
  for (const move of next.moves) outsideChanges.emit(move);
  readAgain(true);
}

/** Takes the last change back, wherever it was made. */
export function undo(): void {
  step(undone);
}

/** Makes the change again that was taken back last. */
export function redo(): void {
  step(redone);
}

/** Drops every change of the draft, as one step that can be undone. */
export function discard(): void {
  const { base } = useDraft.getState();
  const step = ++group;
  for (const scope of dirtyScopes(useDraft.getState()))
    replaceText(scope, base[scope]?.text ?? '', 'Discard changes', step);
  readAgain(true);
}

function replaceText(scope: LayerScope, text: string, label: string, step: number): void {
  const changes = changesBetween(useDraft.getState().texts[scope] ?? '', text);
  change(scope, changes, label, step);
  outsideChanges.emit({ scope, changes });
}

/** Moves what a file says at a path into lattice.local.yaml. */
export function makeLocal(path: YamlPath, from: LayerScope): void {
  const state = useDraft.getState();
  try {
    const layers = moveToLocal(draftLayers(state), state.reading?.values ?? [], path, from);
    const step = ++group;
    for (const { scope, text } of layers) replaceText(scope, text, 'Move to local', step);
    readAgain(true);
    toast({
      status: 'completed',
      title: 'Moved to lattice.local.yaml',
      text: 'It holds on this machine only, once you save.',
      action: { label: 'Undo', run: undo },
    });
  } catch (error) {
    toastError('It was not moved', error);
  }
}

/** Ends a conflict: with the draft over what is on disk, or with what is on disk as a step that can be undone. */
export function settleConflict(scope: LayerScope, keep: 'mine' | 'theirs'): void {
  const { conflicts, base } = useDraft.getState();
  const onDisk = conflicts[scope];
  if (onDisk === undefined) return;
  const { [scope]: _, ...others } = conflicts;
  useDraft.setState({ base: { ...base, [scope]: onDisk }, conflicts: others });
  if (keep === 'theirs') replaceText(scope, onDisk.text, 'Take what is on disk', ++group);
  readAgain(true);
}

/** Writes every changed file; a file that changed on disk becomes a conflict instead. */
export async function save(): Promise<boolean> {
  const dirty = dirtyScopes(useDraft.getState());
  useDraft.setState({ saving: true });
  try {
    for (const scope of dirty) {
      const { texts, base } = useDraft.getState();
      const text = texts[scope] ?? '';
      useDraft.setState((state) => ({ sent: { ...state.sent, [scope]: text } }));
      const { digest } = await call('routing.save', { scope, text, base: base[scope]?.digest ?? '' });
      useDraft.setState((state) => ({ base: { ...state.base, [scope]: { text, digest } } }));
    }
    toast({ status: 'completed', title: 'Saved', text: 'The next calls go by it.' });
    return true;
  } catch (error) {
    const conflict = conflictOf(error);
    if (conflict === undefined) toastError('Not saved', error);
    else {
      const { scope, text, digest } = conflict;
      useDraft.setState((state) => ({ conflicts: { ...state.conflicts, [scope]: { text, digest } } }));
    }
    return false;
  } finally {
    useDraft.setState({ saving: false });
  }
}

function conflictOf(error: unknown): RoutingConflict | undefined {
  const { code, details } = LatticeError.from(error);
  return code === 'conflict' ? routingConflictSchema.safeParse(details).data : undefined;
}

/** Selects a thing of the picture; the text editor follows. */
export function select(path: YamlPath, scope?: LayerScope): void {
  const state = useDraft.getState();
  const where = scope ?? state.scope;
  useDraft.setState({ selected: path, scope: where });
  reveals.emit({ scope: where, path, focus: false });
}

/** Shows an agent in the middle and its lines in the text. */
export function openAgent(name: string): void {
  const { reading, scope } = useDraft.getState();
  const agent = reading?.agents.find((each) => each.name === name);
  const origin = agent === undefined || agent.byDefault ? undefined : agent.origin;
  useDraft.setState({ panel: 'agent', agent: name });
  select(['agents', name], origin ?? scope);
}

const PANEL_KEYS: Readonly<Partial<Record<Panel, string>>> = { budgets: 'providers', project: 'name' };

/** Shows the defaults or a section of the file, and where it begins in the text. */
export function openPanel(panel: Exclude<Panel, 'agent'>): void {
  useDraft.setState({ panel });
  const path = [PANEL_KEYS[panel] ?? panel];
  const { reading, scope } = useDraft.getState();
  select(path, originOf(reading?.values ?? [], path) ?? scope);
}
