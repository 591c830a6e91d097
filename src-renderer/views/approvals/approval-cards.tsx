import type { ReactNode } from 'react';
import type { ApprovalView } from '../../../src-shared/views/approval.ts';
import { visibleText } from '../../../src-shared/visible-text.ts';
import { Button } from '../../ui/button.tsx';
import { Glyph } from '../../ui/glyph.tsx';
import { Time } from '../../ui/time.tsx';
import { openApproval } from './approval-state.ts';
import { useSenderName } from './use-sender-name.ts';

function Card({ view }: { view: ApprovalView }): ReactNode {
  const open = () => openApproval(view.id);
  const name = useSenderName(view);
  const task = visibleText(view.task);
  return (
    <li className="flex flex-col gap-8 rounded-card border border-ask-line bg-surface p-12">
      <div className="flex items-start gap-10">
        <Glyph status="escalated" size={14} label="Waits for you" className="mt-3" />
        <button
          type="button"
          onClick={open}
          className="min-w-0 flex-1 truncate rounded-hint text-left text-body font-medium text-1 hover:underline"
        >
          Run {view.agent} for {name}
        </button>
        <span className="shrink-0 text-small text-3">
          <Time at={view.asked_at} as="age" />
        </span>
      </div>
      <p className="line-clamp-3 text-body wrap-anywhere whitespace-pre-line text-2">{task}</p>
      <div className="flex flex-wrap items-center gap-6">
        <Button size="small" variant="main" onClick={open}>
          Look and decide
        </Button>
        <span className="ml-auto max-w-full truncate pl-8 text-small text-3">on this machine</span>
      </div>
    </li>
  );
}

/** Runs that wait for the owner of this machine, as items of a list of cards. */
export function ApprovalCards({ approvals }: { approvals: readonly ApprovalView[] }): ReactNode {
  return approvals.map((view) => <Card key={view.id} view={view} />);
}
