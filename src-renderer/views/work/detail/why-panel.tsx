import { Check, Minus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { WorkCandidate, WorkRecord } from '../../../../src-shared/protocol/work.ts';
import { cx } from '../../../ui/cx.ts';
import { clock } from '../../../ui/format.ts';
import { scrollProps } from '../../../ui/grid-roles.ts';
import { Icon, type IconType } from '../../../ui/icon.tsx';

/** The title of the reasons: the station that took it, or that none did yet. */
export function whyTitle(record: Pick<WorkRecord, 'why' | 'station_name'>): string {
  const chosen = record.why.find((candidate) => candidate.chosen)?.station_name ?? record.station_name;
  return chosen === undefined ? 'Where it can run' : `Why ${chosen}`;
}

function isOut(candidate: WorkCandidate): boolean {
  return /offline|does not offer|asked for|full/i.test(candidate.reason);
}

function markOf(candidate: WorkCandidate): { icon: IconType; look: string; word: string } {
  if (candidate.chosen) return { icon: Check, look: 'text-good', word: 'Taken' };
  return isOut(candidate)
    ? { icon: X, look: 'text-3', word: 'Out of question' }
    : { icon: Minus, look: 'text-3', word: 'Passed over' };
}

/** Every station that could have taken a work, and why it did or did not. */
export function WhyPanel({ record }: { record: WorkRecord }): ReactNode {
  const decided = record.attempts.at(-1)?.started_at ?? record.created_at;
  if (record.why.length === 0)
    return (
      <p className="p-16 text-small text-2">
        {record.attempt === 0 ? 'No station has taken it yet.' : 'It was not written down.'}
      </p>
    );
  return (
    <div {...scrollProps(whyTitle(record))} className="min-h-0 overflow-y-auto px-16 py-4 -outline-offset-2">
      <ul>
        {record.why.map((candidate) => {
          const mark = markOf(candidate);
          return (
            <li key={candidate.station_id} className="flex items-start gap-8 py-5 text-small text-2">
              <Icon icon={mark.icon} size={14} className={cx('mt-1', mark.look)} />
              <span className="sr-only">{mark.word}:</span>
              <span className="takeable min-w-0 wrap-anywhere">
                <span className="font-semibold text-1">{candidate.station_name}</span> {candidate.reason}
              </span>
            </li>
          );
        })}
      </ul>
      <p className="py-5 pl-22 text-small text-3">
        {record.attempt === 0 ? 'As of' : 'Decided'} {clock(decided, true)}
      </p>
    </div>
  );
}
