import { FolderOpen, RotateCw, UserPlus } from 'lucide-react';
import { useMemo } from 'react';
import type { HubState } from '../../../src-shared/views/node.ts';
import { type Command, runCommand, useCommands } from '../../app/commands.ts';
import { useAction } from '../../data/queries.ts';
import { toastError } from '../../ui/toast.tsx';

/** Whether the hub restarts by this window now. */
export interface HubControl {
  restarting: boolean;
}

/** The commands of this view beside *Start* and *Stop*, which are there in every view. */
export function useHubControl(state: HubState): HubControl {
  const { mutate: restart, isPending: restarting } = useAction('hub.restart');
  const { mutate: reveal } = useAction('app.reveal');
  const runs = state === 'running';
  const commands = useMemo((): readonly Command[] => {
    const disabledReason = runs ? undefined : 'The hub does not run now.';
    return [
      {
        id: 'hub.share',
        title: 'Share the hub',
        group: 'Hub',
        icon: UserPlus,
        shortcut: 'S',
        disabledReason,
        run: () => void runCommand('hub.invite'),
      },
      {
        id: 'hub.restart',
        title: 'Restart the hub',
        group: 'Hub',
        icon: RotateCw,
        disabledReason,
        run: () => restart(undefined, { onError: (error) => toastError('The hub did not restart', error) }),
      },
      {
        id: 'hub.log-folder',
        title: 'Open the folder of the hub log',
        group: 'Hub',
        icon: FolderOpen,
        run: () =>
          reveal({ target: 'hub_log' }, { onError: (error) => toastError('The folder did not open', error) }),
      },
    ];
  }, [runs, restart, reveal]);
  useCommands(commands);
  return { restarting };
}
