import { Check, Minus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RouteCandidate } from '../../../../src-shared/views/mesh.ts';
import { Icon } from '../../../ui/icon.tsx';

function Mark({ candidate }: { candidate: RouteCandidate }): ReactNode {
  if (candidate.chosen) return <Icon icon={Check} size={13} className="mt-2 text-good" />;
  const wasFree = /^\d+ of \d+ busy/.test(candidate.reason);
  return <Icon icon={wasFree ? Minus : X} size={13} className="mt-2 text-3" />;
}

/** Each station that was considered, with the fact that decided. */
export function CandidateList(props: { label: string; candidates: readonly RouteCandidate[] }): ReactNode {
  return (
    <ul aria-label={props.label} className="flex flex-col gap-4 text-small text-2">
      {props.candidates.map((candidate) => (
        <li key={candidate.station_id} className="flex items-start gap-8">
          <Mark candidate={candidate} />
          <span className="min-w-0">
            <span className="font-semibold text-1">{candidate.station_name}</span> {candidate.reason}
          </span>
        </li>
      ))}
    </ul>
  );
}
