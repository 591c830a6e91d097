import { type ReactNode, useMemo, useState } from 'react';
import type { RunView } from '../../src-shared/views/run.ts';
import { listOf, useLive, useNode } from '../data/live.ts';
import { useAction } from '../data/queries.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { plural } from '../ui/format.ts';
import { Glyph } from '../ui/glyph.tsx';
import { type Command, useCommands } from './commands.ts';

const SHOWN = 5;

function consequence(hosts: boolean, others: number): string {
  const calls = 'They are cancelled at once.';
  if (!hosts || others === 0) return calls;
  return `${calls} The hub stops too, so the ${plural(others, 'other station')} ${others === 1 ? 'waits' : 'wait'} until it is back.`;
}

function Line({ run }: { run: RunView }): ReactNode {
  return (
    <li className="flex h-32 items-center gap-8 border-b border-hairline px-12 text-small text-2 last:border-0">
      <Glyph status={run.state === 'running' ? 'running' : 'queued'} percent={run.progress?.percent} />
      <span className="font-semibold text-1">{run.agent}</span>
      <span className="min-w-0 flex-1 truncate">{run.task}</span>
      {run.progress?.percent !== undefined && (
        <span className="text-3">{Math.round(run.progress.percent)}%</span>
      )}
    </li>
  );
}

/** Asks before the app quits while calls run: what stops, and the way to let them go on. */
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
  const runs = listOf(useLive('runs.watch').items).filter(
    (run) => run.ended_at === undefined && run.state !== 'completed',
  );
  const stations = listOf(useLive('stations.watch').items);
  const served = stations.find((station) => station.is_self)?.load.running ?? 0;
  const others = stations.filter((station) => !station.is_self && station.status !== 'offline').length;
  const hide = useAction('app.hide');
  const quit = useAction('app.quit');
  const count = Math.max(runs.length, served);
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Quit while ${plural(count, 'call')} ${count === 1 ? 'runs' : 'run'}?`}
      text={consequence(node?.hub?.state === 'running', others)}
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
      {runs.length > 0 && (
        <ul className="rounded-card border border-border bg-surface">
          {runs.slice(0, SHOWN).map((run) => (
            <Line key={run.id} run={run} />
          ))}
          {runs.length > SHOWN && (
            <li className="px-12 py-8 text-small text-3">{runs.length - SHOWN} more</li>
          )}
        </ul>
      )}
    </Dialog>
  );
}
