import type { RoutingDocument } from '../../../../src-shared/routing/document.ts';
import type { UsageEntry } from '../../../../src-shared/routing/usage.ts';
import type { DraftReading } from '../../../../src-shared/routing-editor/draft-reading.ts';
import type { DraftLayer } from '../../../../src-shared/routing-editor/layers.ts';
import type { ReplayReport } from '../../../../src-shared/routing-editor/replay-draft.ts';
import type { RoutingKnown } from '../../../../src-shared/views/routing.ts';

/** What the window asks of the thread that reads. */
export type ToReader =
  | {
      readonly kind: 'read';
      readonly layers: readonly DraftLayer[];
      readonly revision: number;
      /** What was read last, where the thread did not read it itself. */
      readonly last: DraftReading | undefined;
    }
  | {
      readonly kind: 'replay';
      readonly id: number;
      readonly calls: readonly UsageEntry[];
      readonly document: RoutingDocument;
      readonly known: Pick<RoutingKnown, 'prices'>;
    };

/** What the thread that reads answers. A newer replay ends an older one without an answer. */
export type FromReader =
  | { readonly kind: 'reading'; readonly reading: DraftReading }
  | { readonly kind: 'progress'; readonly id: number; readonly share: number }
  | { readonly kind: 'replayed'; readonly id: number; readonly report: ReplayReport };
