import type { BrowserWindow } from 'electron';
import type { LiveDelta, LiveSource } from '../../src-shared/live.ts';
import type { ApprovalView } from '../../src-shared/views/approval.ts';
import { visibleText } from '../../src-shared/visible-text.ts';
import { Notifier } from './notifier.ts';
import { firstLine } from './work-notices.ts';

/** More notices than this at once become one. */
const SINGLE_LIMIT = 3;
/** The key of the one notification that stands for several runs. */
const SEVERAL = 'several';
const BODY_LENGTH = 200;

export interface ApprovalAlertsOptions {
  approvals: LiveSource<ApprovalView>;
  window: BrowserWindow;
  /** Opens a run that waits in the window, or the first of all. */
  open(id?: string): void;
}

/** Tells of runs that wait for the owner while the window is not in focus; nothing can be allowed from a notification. */
export function followApprovalAlerts({ approvals, window, open }: ApprovalAlertsOptions): Disposable {
  const notifier = new Notifier();
  const take = ({ upserts, removes }: LiveDelta<ApprovalView>) => {
    for (const id of removes) notifier.withdraw(id);
    const waiting = approvals.snapshot().length;
    if (waiting <= SINGLE_LIMIT) notifier.withdraw(SEVERAL);
    if (upserts.length === 0 || window.isDestroyed() || window.isFocused()) return;
    if (waiting > SINGLE_LIMIT) {
      const body = 'Each waits until you allow or deny it.';
      notifier.show(SEVERAL, { title: `${waiting} runs wait for you`, body }, () => open());
    } else for (const view of upserts) notifier.show(view.id, noticeOf(view), () => open(view.id));
  };
  const following = approvals.on(take);
  take({ upserts: approvals.snapshot(), removes: [] });
  return {
    [Symbol.dispose]() {
      following[Symbol.dispose]();
      notifier[Symbol.dispose]();
    },
  };
}

function noticeOf({ agent, sender, task }: ApprovalView): { title: string; body: string } {
  return {
    title: `Run ${agent} for ${firstLine(visibleText(sender.name), 60)}?`,
    body: firstLine(visibleText(task), BODY_LENGTH),
  };
}
