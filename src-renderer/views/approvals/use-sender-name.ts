import type { ApprovalView } from '../../../src-shared/views/approval.ts';
import { visibleText } from '../../../src-shared/visible-text.ts';
import { useLivePart } from '../../data/live.ts';

/** Who asks, in a few words: a station that calls by its id is shown by its name. */
export function useSenderName({ sender }: ApprovalView): string {
  const station = useLivePart('stations.watch', ({ items }) => items.get(sender.name)?.name);
  return visibleText(station ?? sender.name);
}
