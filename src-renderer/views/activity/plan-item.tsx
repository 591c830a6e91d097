import { ListChecks } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '../../ui/cx.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { Status } from '../../ui/status.ts';
import type { Plan } from './stream-items.ts';

const STATUS: Record<Plan['entries'][number]['status'], Status> = {
  pending: 'queued',
  running: 'running',
  done: 'completed',
};
const WORD = { pending: 'To do', running: 'Now', done: 'Done' } as const;

/** A plan may say the same twice. */
function withKeys(entries: Plan['entries']) {
  const seen = new Map<string, number>();
  return entries.map((entry) => {
    const times = (seen.get(entry.text) ?? 0) + 1;
    seen.set(entry.text, times);
    return { key: `${entry.text} ${times}`, entry };
  });
}

/** The plan of an agent with what is done of it. */
export function PlanItem({ entries }: { entries: Plan['entries'] }): ReactNode {
  const done = entries.filter((entry) => entry.status === 'done').length;
  return (
    <section aria-label="Plan" className="rounded-control border border-hairline bg-surface px-10 py-8">
      <h4 className="flex items-center gap-8 text-small font-semibold text-1">
        <Icon icon={ListChecks} size={14} className="text-3" />
        Plan
        <span className="figures font-normal text-3">
          {done} of {entries.length} done
        </span>
      </h4>
      <ol className="mt-4">
        {withKeys(entries).map(({ key, entry }) => (
          <li key={key} className="flex items-start gap-8 py-2 text-body">
            <Glyph status={STATUS[entry.status]} size={14} label={WORD[entry.status]} className="mt-3" />
            <span
              className={cx(
                'takeable min-w-0 wrap-anywhere',
                entry.status === 'done'
                  ? 'text-3'
                  : entry.status === 'running'
                    ? 'font-medium text-1'
                    : 'text-2',
              )}
            >
              {entry.text}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
