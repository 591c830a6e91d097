import { ChartNoAxesColumn } from 'lucide-react';
import type { ReactNode } from 'react';
import { dollars } from '../../../../src-shared/views/activity-words.ts';
import { billWords } from '../../../../src-shared/views/bill.ts';
import type { BoardStats, BoardView } from '../../../../src-shared/views/board.ts';
import { useAnswer } from '../../../data/queries.ts';
import { Button } from '../../../ui/button.tsx';
import { count, duration, plural, roughDuration } from '../../../ui/format.ts';
import { scrollProps } from '../../../ui/grid-roles.ts';
import { Meter } from '../../../ui/meter.tsx';
import { Failure, Loading } from '../../../ui/states.tsx';
import { ActorName } from '../parts/actor-mark.tsx';

function Part({ title, hint, children }: { title: string; hint: string; children: ReactNode }): ReactNode {
  return (
    <section
      aria-label={title}
      className="flex min-w-0 flex-col gap-10 rounded-card border border-border bg-surface p-16"
    >
      <div>
        <h2 className="text-small font-semibold text-1">{title}</h2>
        <p className="text-small text-3">{hint}</p>
      </div>
      {children}
    </section>
  );
}

function Figure({ name, value }: { name: string; value: string | undefined }): ReactNode {
  return (
    <div>
      <p className="figures text-figure text-1">{value ?? 'Not known yet'}</p>
      <p className="text-small text-3">{name}</p>
    </div>
  );
}

const HEIGHT = 96;

function Weeks({ weeks }: { weeks: BoardStats['weeks'] }): ReactNode {
  const most = Math.max(1, ...weeks.flatMap(({ created, done }) => [created, done]));
  return (
    <ul className="flex items-end gap-10">
      {weeks.map((week) => (
        <li key={week.start} className="flex min-w-0 flex-1 flex-col items-center gap-4">
          <span className="flex w-full items-end justify-center gap-2" style={{ height: HEIGHT }}>
            <span
              className="w-1/3 rounded-t-bar bg-quiet"
              style={{ height: Math.max(2, (week.created / most) * HEIGHT) }}
            />
            <span
              className="w-1/3 rounded-t-bar bg-good-fill"
              style={{ height: Math.max(2, (week.done / most) * HEIGHT) }}
            />
          </span>
          <span className="figures truncate text-tiny font-normal text-3">
            {week.start.slice(5).replace('-', '/')}
            <span className="sr-only">
              : {week.created} created, {week.done} done
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function InStatus({ board, stats }: { board: BoardView; stats: BoardStats }): ReactNode {
  const most = Math.max(1, ...stats.in_status.map(({ median = 0 }) => median));
  return (
    <table className="w-full text-small">
      <thead>
        <tr className="h-24 text-left text-3">
          <th className="font-normal">Status</th>
          <th className="text-right font-normal">Tasks now</th>
          <th className="text-right font-normal">Median stay</th>
          <th className="text-right font-normal">Longest now</th>
          <th className="w-1/4 font-normal">
            <span className="sr-only">Median as a bar</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {stats.in_status.map((line) => (
          <tr key={line.status} className="h-28 border-t border-hairline text-1">
            <td>{board.columns.find(({ status }) => status === line.status)?.name ?? line.status}</td>
            <td className="figures text-right">{count(line.open)}</td>
            <td className="figures text-right text-2">
              {line.median === undefined ? '' : roughDuration(line.median)}
            </td>
            <td className="figures text-right text-2">
              {line.longest === undefined ? '' : roughDuration(line.longest)}
            </td>
            <td className="pl-12">
              {line.median !== undefined && (
                <Meter label={`Median stay in ${line.status}`} value={line.median / most} />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Doers({ stats }: { stats: BoardStats }): ReactNode {
  return (
    <table className="w-full text-small">
      <thead>
        <tr className="h-24 text-left text-3">
          <th className="font-normal">Who</th>
          <th className="text-right font-normal">Done</th>
          <th className="text-right font-normal">Open</th>
          <th className="text-right font-normal">Changes</th>
        </tr>
      </thead>
      <tbody>
        {stats.doers.map((line) => (
          <tr key={line.actor.key} className="h-28 border-t border-hairline text-1">
            <td className="max-w-0 truncate">
              <ActorName actor={line.actor} />
            </td>
            <td className="figures text-right">{count(line.done)}</td>
            <td className="figures text-right text-2">{count(line.open)}</td>
            <td className="figures text-right text-2">{count(line.events)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Costs({ stats, onOpen }: { stats: BoardStats; onOpen(task: string): void }): ReactNode {
  const { total, tasks, median, lines } = stats.cost;
  if (tasks === 0) return <p className="text-body text-3">No run has called a model yet.</p>;
  return (
    <>
      <div className="grid grid-cols-3 gap-12">
        <Figure name="All runs" value={billWords(total)} />
        <Figure name="Median task" value={median === undefined ? undefined : dollars(median)} />
        <Figure name="Tasks with a bill" value={count(tasks)} />
      </div>
      <ul className="-mx-8 flex flex-col">
        {lines.slice(0, 8).map((line) => (
          <li key={line.task_id}>
            <button
              type="button"
              onClick={() => onOpen(line.task_id)}
              className="flex h-28 w-full items-center gap-8 rounded-control px-8 text-left text-small hover:bg-hover"
            >
              <span className="w-64 shrink-0 font-mono text-mono-small text-3">{line.short_id}</span>
              <span className="min-w-0 flex-1 truncate text-1">{line.title}</span>
              <span className="figures shrink-0 text-3">{plural(line.runs, 'run')}</span>
              <span className="figures w-96 shrink-0 text-right text-1">{billWords(line.bill)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Stale({ stats, onOpen }: { stats: BoardStats; onOpen(task: string): void }): ReactNode {
  if (stats.stale.length === 0) return <p className="text-body text-3">Nothing stands still.</p>;
  const now = Date.now();
  return (
    <ul className="-mx-8 flex flex-col">
      {stats.stale.slice(0, 8).map((task) => (
        <li key={task.task_id}>
          <button
            type="button"
            onClick={() => onOpen(task.task_id)}
            className="flex h-28 w-full items-center gap-8 rounded-control px-8 text-left text-small hover:bg-hover"
          >
            <span className="w-64 shrink-0 font-mono text-mono-small text-3">{task.short_id}</span>
            <span className="min-w-0 flex-1 truncate text-1">{task.title}</span>
            <span className="figures shrink-0 text-3">{roughDuration(now - Date.parse(task.since))}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** How work flows over a board: what comes and goes, how long it takes, where it waits, and who does it. */
export function Statistics({ board, onOpen }: { board: BoardView; onOpen(task: string): void }): ReactNode {
  const { data, error, refetch } = useAnswer('board.stats', { board: board.id });
  if (error !== null)
    return (
      <Failure
        icon={ChartNoAxesColumn}
        title="The figures cannot be shown"
        error={error}
        actions={<Button onClick={() => void refetch()}>Count again</Button>}
      />
    );
  if (data === undefined) return <Loading label="Counting" />;
  const { cycle } = data;
  return (
    <div
      {...scrollProps('Figures of this board')}
      className="grid min-w-0 flex-1 auto-rows-min grid-cols-2 gap-12 overflow-y-auto p-16 max-wide:grid-cols-1"
    >
      <Part title="Flow" hint="Tasks created (grey) and done (green) in each week.">
        <Weeks weeks={data.weeks} />
      </Part>
      <Part title="Cycle time" hint="From the first start of work to done, over the last 90 days.">
        <div className="grid grid-cols-3 gap-12">
          <Figure name="Median" value={cycle.median === undefined ? undefined : duration(cycle.median)} />
          <Figure
            name="85 of 100 are faster"
            value={cycle.p85 === undefined ? undefined : duration(cycle.p85)}
          />
          <Figure name="Tasks counted" value={count(cycle.count)} />
        </div>
        <div>
          <Button size="small" onClick={() => void refetch()}>
            Count again
          </Button>
        </div>
      </Part>
      <Part title="Time in status" hint="How long tasks stay, and how long the oldest has been there.">
        <InStatus board={board} stats={data} />
      </Part>
      <Part title="Who does it" hint="Tasks done and open by assignee, and changes made.">
        <Doers stats={data} />
      </Part>
      <Part title="Cost per card" hint="What the models of its runs cost, the dearest first.">
        <Costs stats={data} onOpen={onOpen} />
      </Part>
      <Part title="Standing still" hint="Open tasks in which nothing changed for the longest time.">
        <Stale stats={data} onOpen={onOpen} />
      </Part>
    </div>
  );
}
