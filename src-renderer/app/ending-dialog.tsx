import { CircleStop, LogOut } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { StationView } from '../../src-shared/views/mesh.ts';
import { listOf, useLive, useNode } from '../data/live.ts';
import { useAction } from '../data/queries.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { plural } from '../ui/format.ts';
import { Glyph } from '../ui/glyph.tsx';
import { toastError } from '../ui/toast.tsx';
import { type Command, useCommands } from './commands.ts';

/** What ends for others when this machine does it: its hub stops, or it goes and takes its hub along. */
type Ending = 'hub.stop' | 'node.leave';

const WORDS: Record<Ending, { verb: string; question: string; busy: string; failed: string }> = {
  'hub.stop': {
    verb: 'Stop the hub',
    question: 'Stop the hub',
    busy: 'Stopping',
    failed: 'The hub still runs',
  },
  'node.leave': {
    verb: 'Leave this lattice',
    question: 'Leave this lattice',
    busy: 'Leaving',
    failed: 'This machine is still on the lattice',
  },
};

const SHOWN = 5;

function useEndings() {
  const { mutate: stop, isPending: isStopping } = useAction('hub.stop');
  const { mutate: leave, isPending: isLeaving } = useAction('node.leave');
  return useMemo(
    () => ({
      busy: isStopping || isLeaving,
      end: (ending: Ending, onDone?: () => void) =>
        (ending === 'hub.stop' ? stop : leave)(undefined, {
          onError: (error) => toastError(WORDS[ending].failed, error),
          onSettled: () => onDone?.(),
        }),
    }),
    [stop, leave, isStopping, isLeaving],
  );
}

function useAttached(): readonly StationView[] {
  const hosts = useNode()?.hub?.state === 'running';
  const stations = listOf(useLive('stations.watch').items);
  return hosts ? stations.filter((station) => !station.is_self && station.status !== 'offline') : [];
}

/** Stops the hub or leaves the lattice; asks first when other stations depend on it. */
export function EndingDialog(): ReactNode {
  const [asked, setAsked] = useState<Ending | undefined>(undefined);
  const node = useNode();
  const attached = useAttached();
  const { end, busy } = useEndings();
  const mustAsk = attached.length > 0;
  const mode = node?.mode;
  const hubState = node?.hub?.state;
  const commands = useMemo<readonly Command[]>(() => {
    const start = (ending: Ending) => () => (mustAsk ? setAsked(ending) : end(ending));
    return [
      {
        id: 'hub.stop',
        title: 'Stop the hub',
        group: 'Hub',
        icon: CircleStop,
        disabledReason: hubState === 'running' ? undefined : 'No hub runs on this machine.',
        run: start('hub.stop'),
      },
      {
        id: 'node.leave',
        title: 'Leave this lattice',
        group: 'Hub',
        icon: LogOut,
        disabledReason: mode === 'idle' ? 'This machine is on no lattice.' : undefined,
        run: start('node.leave'),
      },
    ];
  }, [mustAsk, end, mode, hubState]);
  useCommands(commands);
  if (asked === undefined) return null;
  const words = WORDS[asked];
  const close = () => setAsked(undefined);
  return (
    <Dialog
      open
      onClose={close}
      title={`${words.question} while ${plural(attached.length, 'other station')} ${attached.length === 1 ? 'is' : 'are'} on it?`}
      text="They keep their agents and wait until the hub is back. Calls that run there now get no answer here."
      actions={
        <>
          <Button variant="outlined" onClick={close}>
            Keep it running
          </Button>
          <Button variant="destroy" busy={busy} busyLabel={words.busy} onClick={() => end(asked, close)}>
            {words.verb}
          </Button>
        </>
      }
    >
      <ul className="rounded-card border border-border bg-surface">
        {attached.slice(0, SHOWN).map((station) => (
          <li
            key={station.id}
            className="flex h-32 items-center gap-8 border-b border-hairline px-12 text-small text-2 last:border-0"
          >
            <Glyph status={station.status} label={station.status} size={13} />
            <span className="min-w-0 flex-1 truncate font-medium text-1">{station.name}</span>
            <span className="figures text-3">{station.load.running} running</span>
          </li>
        ))}
        {attached.length > SHOWN && (
          <li className="px-12 py-8 text-small text-3">{attached.length - SHOWN} more</li>
        )}
      </ul>
    </Dialog>
  );
}
