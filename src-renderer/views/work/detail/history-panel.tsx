import type { ReactNode } from 'react';
import type { WorkStep } from '../../../../src-shared/views/work-timeline.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { scrollProps } from '../../../ui/grid-roles.ts';
import type { Status } from '../../../ui/status.ts';
import { Time } from '../../../ui/time.tsx';

const STEPS: Record<WorkStep['type'], Status> = {
  assigned: 'queued',
  accepted: 'running',
  escalated: 'escalated',
  answered: 'completed',
  acknowledged: 'completed',
  cancel_requested: 'cancelled',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  expired: 'expired',
  requeued: 'queued',
  unplaceable: 'late',
};

/** Every change of a work in order, with what was seen when the witness judged. */
export function HistoryPanel({ steps }: { steps: readonly WorkStep[] }): ReactNode {
  return (
    <div {...scrollProps('History')} className="min-h-0 flex-1 overflow-y-auto py-8 -outline-offset-2">
      <ol>
        {steps.map((step) => (
          <li key={step.id} className="flex items-start gap-10 px-20 py-4 text-small max-wide:px-16">
            <span className="w-56 shrink-0 text-3">
              <Time at={step.at} as="clock" />
            </span>
            <Glyph status={STEPS[step.type]} size={12} className="mt-2" />
            <div className="min-w-0 flex-1">
              <p className="takeable wrap-anywhere whitespace-pre-wrap text-1">{step.text}</p>
              {step.signals !== undefined && step.signals.length > 0 && (
                <p className="takeable wrap-anywhere text-3">Seen: {step.signals.join(' · ')}</p>
              )}
            </div>
            <span className="max-w-160 shrink-0 truncate text-3" title={step.by}>
              {step.by}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
