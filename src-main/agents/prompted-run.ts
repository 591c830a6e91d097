import { ActivityReporter } from './activity-reporter.ts';
import { Permissions } from './permissions.ts';
import { armStop } from './run-stop.ts';
import type { PromptedRun, RunControls, RunRequest } from './runner.ts';

/** What one run with a prompt tells, asks and is stopped by, whatever runs it. `hide` takes what nobody may read. */
export function openPromptedRun(request: RunRequest, run: PromptedRun, controls: RunControls) {
  const hide: string[] = [];
  const reporter = new ActivityReporter({ report: controls.report, stopped: controls.signal, hide });
  const permissions = new Permissions({
    agent: request.agent.info.name,
    policy: run.permissions,
    ask: controls.ask,
    signal: controls.signal,
    onUnasked: (reason) => reporter.notice('warning', `Nobody could be asked, so it was denied: ${reason}`),
  });
  const stop = armStop(controls, run.limits.timeoutMs, () => permissions.askedMs);
  return { hide, reporter, permissions, stop };
}
