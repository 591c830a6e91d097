import { create } from 'zustand';
import { Emitter } from '../../../../src-shared/emitter.ts';
import type { YamlPath } from '../../../../src-shared/lattice-yaml/diagnostic.ts';
import type { TextChange } from '../../../../src-shared/lattice-yaml/edit/text-change.ts';
import {
  type DraftHistory,
  type DraftTexts,
  emptyHistory,
} from '../../../../src-shared/routing-editor/draft-history.ts';
import type { DraftReading } from '../../../../src-shared/routing-editor/draft-reading.ts';
import { noStress, type Stress } from '../../../../src-shared/routing-editor/stress.ts';
import type { LayerScope, RoutingFiles, RoutingLayer } from '../../../../src-shared/views/routing.ts';

/** What the middle shows. */
export type Panel = 'agent' | 'project' | 'defaults' | 'budgets' | SectionPanel;

/** The sections of the file that are pages of their own, by their key. */
export const SECTION_PANELS = ['providers', 'hooks', 'commands', 'vcs', 'mcp', 'plugins'] as const;
export type SectionPanel = (typeof SECTION_PANELS)[number];

/** What of an agent is shown below its name. */
export type AgentPart = 'routing' | 'run' | 'settings';

/** The draft of the configuration; it outlives the view. */
export interface DraftState {
  readonly files: RoutingFiles | undefined;
  /** What each draft began from; its digest is what a save must find on disk. */
  readonly base: Readonly<Partial<Record<LayerScope, { text: string; digest: string }>>>;
  readonly texts: DraftTexts;
  readonly history: DraftHistory;
  /** The last step before what is not saved; steps after it are. */
  readonly savedStep: number;
  readonly revision: number;
  readonly reading: DraftReading | undefined;
  /** Files that changed on disk while they were edited. */
  readonly conflicts: Readonly<Partial<Record<LayerScope, { text: string; digest: string }>>>;
  readonly panel: Panel;
  readonly agent: string | undefined;
  readonly part: AgentPart;
  /** The file in the text editor. */
  readonly scope: LayerScope;
  /** What is selected, in the picture or by the cursor. */
  readonly selected: YamlPath;
  readonly stress: Stress;
  readonly saving: boolean;
  /** What this window sent to be saved last, by file. */
  readonly sent: DraftTexts;
}

export const useDraft = create<DraftState>()(() => ({
  files: undefined,
  base: {},
  texts: {},
  history: emptyHistory,
  savedStep: 0,
  revision: 0,
  reading: undefined,
  conflicts: {},
  panel: 'agent',
  agent: undefined,
  part: 'routing',
  scope: 'project',
  selected: [],
  stress: noStress,
  saving: false,
  sent: {},
}));

/** A change of a text that did not come from its editor. */
export interface OutsideChange {
  readonly scope: LayerScope;
  readonly changes: readonly TextChange[];
}

/** Tells the text editor what the picture, undo or the disk changed. */
export const outsideChanges = new Emitter<OutsideChange>();

/** Asks the text editor to show a path; `focus` also puts the cursor there. */
export const reveals = new Emitter<{ scope: LayerScope; path: YamlPath; focus: boolean }>();

/** The layers of the draft with their edited texts, the weakest first. */
export function draftLayers(state: DraftState): (RoutingLayer & { text: string })[] {
  return (state.files?.layers ?? []).map((layer) => ({
    ...layer,
    text: state.texts[layer.scope] ?? layer.text,
  }));
}

/** The files whose draft differs from what it began from. */
export function dirtyScopes(state: Pick<DraftState, 'base' | 'texts'>): LayerScope[] {
  return (['global', 'project', 'local'] as const).filter(
    (scope) => state.texts[scope] !== undefined && state.texts[scope] !== state.base[scope]?.text,
  );
}
