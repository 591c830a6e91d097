import { type ReactNode, useMemo, useState } from 'react';
import type { WorkView } from '../../src-shared/views/work.ts';
import { listOf, useLive, useNode } from '../data/live.ts';
import { useAction } from '../data/queries.ts';
import { useWorkGroup } from '../data/works.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { count, percent } from '../ui/format.ts';
import { Glyph } from '../ui/glyph.tsx';
import { STATUSES, type Status } from '../ui/status.ts';
import { asks, doerOf, stateOf } from '../views/work/words.ts';
import { type Command, useCommands } from './commands.ts';
import { callsOfOthers, quitWords } from './quit-words.ts';

const SHOWN = 5;

interface LineProps {
  status: Status;
  agent: string;
  task: string;
  percent: number | undefined;
}

function Line({ status, agent, task, percent: done }: LineProps): ReactNode {
  return (
    <li className="flex h-32 items-center gap-8 border-b border-hairline px-12 text-small text-2 last:border-0">
      <Glyph status={status} percent={done} label={STATUSES[status].word} />
      <span className="max-w-1/2 shrink-0 truncate font-semibold text-1">{agent}</span>
      <span className="min-w-0 flex-1 truncate">{task}</span>
      {done !== undefined && <span className="figures text-3">{percent(done / 100)}</span>}
    </li>
  );
}

/** The works that this machine runs: they go back to the queue. */
function useWorksHere(stationId: string | undefined): readonly WorkView[] {
  const running = useWorkGroup('running');
  const asking = useWorkGroup('needs_you').filter(asks);
  return [...asking, ...running].filter((work) => work.station_id === stationId);
}

/** Asks before the app quits while it runs something: what becomes of it, and the way to let them go on. */
export function QuitDialog(): ReactNode {
  const [open, setOpen] = useState(false);
  const commands = useMemo<readonly Command[]>(
    () => [{ id: 'app.quit-asked', title: 'Quit', group: 'Window', hidden: true, run: () => setOpen(true) }],
    [],
  );
  useCommands(commands);
  return open ? <Asking onClose={() => setOpen(false)} /> : null;
}

function Asking({ onClose }: { onClose(): void }): ReactNode {
  const node = useNode();
  const works = useWorksHere(node?.station_id);
  const runs = listOf(useLive('runs.watch').items).filter((run) => run.ended_at === undefined);
  const stations = listOf(useLive('stations.watch').items);
  const hide = useAction('app.hide');
  const quit = useAction('app.quit');
  const { title, text } = quitWords({
    works: works.length,
    calls: runs.length + callsOfOthers(node?.station_id, stations, works, runs),
    hosts: node?.hub?.state === 'running',
    others: stations.filter((station) => !station.is_self && station.status !== 'offline').length,
  });
  const more = works.length + runs.length - SHOWN;
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      text={text}
      safe={
        <Button
          onClick={() => {
            hide.mutate(undefined);
            onClose();
          }}
        >
          Keep running in the tray
        </Button>
      }
      actions={
        <>
          <Button variant="plain" onClick={onClose}>
            Cancel
          </Button>
          <Button
            variant="destroy"
            busy={quit.isPending}
            busyLabel="Quitting"
            onClick={() => quit.mutate({ force: true })}
          >
            Quit
          </Button>
        </>
      }
    >
      {works.length + runs.length > 0 && (
        <ul className="rounded-card border border-border bg-surface">
          {works.slice(0, SHOWN).map((work) => (
            <Line
              key={work.id}
              status={stateOf(work).status}
              agent={doerOf(work)}
              task={work.task}
              percent={work.progress?.percent}
            />
          ))}
          {runs.slice(0, Math.max(0, SHOWN - works.length)).map((run) => (
            <Line
              key={run.id}
              status={run.state === 'running' ? 'running' : 'queued'}
              agent={run.agent}
              task={run.task}
              percent={run.progress?.percent}
            />
          ))}
          {more > 0 && <li className="px-12 py-8 text-small text-3">{count(more)} more</li>}
        </ul>
      )}
    </Dialog>
  );
}
