import type { YamlPath } from '../../../../src-shared/lattice-yaml/diagnostic.ts';
import type { AgentRouting } from '../../../../src-shared/routing/document.ts';
import type { Gesture } from '../../../../src-shared/routing-editor/gestures.ts';
import type { Preview, PreviewBasis } from '../../../../src-shared/routing-editor/preview.ts';

/** What every picture of a strategy gets. */
export interface PictureProps<P extends AgentRouting['plan'] = AgentRouting['plan']> {
  readonly plan: P;
  readonly routing: AgentRouting;
  readonly basis: PreviewBasis;
  readonly preview: Preview;
  /** Models that can be picked. */
  readonly models: readonly string[];
  /** The path inside the routing that is selected, in the picture or by the cursor of the text. */
  readonly selected: YamlPath;
  onGesture(gesture: Gesture, label: string): void;
  /** Selects a path inside the routing. */
  onSelect(path: YamlPath): void;
}
