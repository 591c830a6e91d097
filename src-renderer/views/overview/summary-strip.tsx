import type { ReactNode } from 'react';
import { meshTotals } from '../../app/mesh-totals.ts';
import { listOf, useLive } from '../../data/live.ts';
import { count, plural } from '../../ui/format.ts';

function Figure(props: { label: string; value: string; more?: string | undefined }): ReactNode {
  return (
    <div className="min-w-0 flex-1 border-l border-hairline px-20 py-12 first:border-l-0 max-wide:px-14 max-wide:py-8">
      <dt className="truncate text-small text-2">{props.label}</dt>
      <dd className="figures flex items-baseline gap-8">
        <span className="text-figure whitespace-nowrap text-1 max-wide:text-figure-small">{props.value}</span>
        {props.more !== undefined && (
          <span className="truncate text-small text-3 max-wide:hidden">{props.more}</span>
        )}
      </dd>
    </div>
  );
}

function joined(parts: readonly (string | false)[]): string | undefined {
  const said = parts.filter((part) => part !== false);
  return said.length === 0 ? undefined : said.join(', ');
}

/** The figures of the lattice in one line of 76. */
export function SummaryStrip(): ReactNode {
  const totals = meshTotals(useLive('stations.watch').items.values());
  const agents = listOf(useLive('agents.watch').items);
  const runs = listOf(useLive('runs.watch').items);
  const names = new Set(agents.map((agent) => agent.name)).size;
  const conflicts = agents.filter((agent) => agent.conflict !== undefined).length;
  const finished = runs.filter((run) => run.ended_at !== undefined);
  const failed = finished.filter((run) => run.state === 'failed').length;
  return (
    <dl className="flex h-76 shrink-0 border-b border-hairline max-wide:h-64">
      <Figure
        label="Stations online"
        value={`${totals.online} of ${totals.stations}`}
        more={joined([
          totals.late > 0 && `${totals.late} late`,
          totals.offline > 0 && `${totals.offline} offline`,
        ])}
      />
      <Figure label="Running" value={count(totals.running)} more={`of ${plural(totals.capacity, 'slot')}`} />
      <Figure label="Queued" value={count(totals.queued)} />
      <Figure
        label="Agents"
        value={count(names)}
        more={conflicts > 0 ? plural(conflicts, 'conflict') : undefined}
      />
      <Figure
        label="Finished here"
        value={count(finished.length)}
        more={failed > 0 ? `${count(failed)} failed` : undefined}
      />
    </dl>
  );
}
