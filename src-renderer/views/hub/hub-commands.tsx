import { FolderOpen, Play, RotateCw, Square, UserPlus } from 'lucide-react';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { StationView } from '../../../src-shared/views/mesh.ts';
import type { HubState } from '../../../src-shared/views/node.ts';
import { type Command, runCommand, useCommands } from '../../app/commands.ts';
import { feedOf, useNode } from '../../data/live.ts';
import { attachedStations, HUB_STATES } from './hub-facts.ts';
import { StopDialog } from './stop-dialog.tsx';
import { useHubControl } from './use-hub-control.ts';

/** Why something cannot be done with the hub in this state, or undefined when it can. */
function unless(allowed: boolean, state: HubState | undefined): string | undefined {
  if (state === undefined) return 'This machine does not host the hub.';
  return allowed ? undefined : `The hub is ${HUB_STATES[state].word.toLowerCase()}.`;
}

/** The commands of the hub; stopping it asks first when other stations are on it. */
export function HubCommands(): ReactNode {
  const state = useNode()?.hub?.state;
  const { start, stop, restart, openLogFolder } = useHubControl();
  const [hit, setHit] = useState<readonly StationView[] | undefined>(undefined);
  const askToStop = useCallback(() => {
    const others = attachedStations(feedOf('stations.watch').store.getState().items.values());
    if (others.length === 0) stop();
    else setHit(others);
  }, [stop]);
  const commands = useMemo((): readonly Command[] => {
    const runs = state === 'running' || state === 'restarting';
    return [
      {
        id: 'hub.share',
        title: 'Share the hub',
        group: 'Hub',
        icon: UserPlus,
        shortcut: 'S',
        disabledReason: unless(state === 'running', state),
        run: () => void runCommand('hub.invite'),
      },
      {
        id: 'hub.start',
        title: 'Start the hub',
        group: 'Hub',
        icon: Play,
        disabledReason: unless(state === 'stopped' || state === 'failed', state),
        run: start,
      },
      {
        id: 'hub.restart',
        title: 'Restart the hub',
        group: 'Hub',
        icon: RotateCw,
        disabledReason: unless(runs, state),
        run: restart,
      },
      {
        id: 'hub.stop',
        title: 'Stop the hub',
        group: 'Hub',
        icon: Square,
        disabledReason: unless(runs || state === 'starting', state),
        run: askToStop,
      },
      {
        id: 'hub.log-folder',
        title: 'Open the folder of the hub log',
        group: 'Hub',
        icon: FolderOpen,
        disabledReason: unless(true, state),
        run: openLogFolder,
      },
    ];
  }, [state, start, restart, askToStop, openLogFolder]);
  useCommands(commands);
  return (
    hit !== undefined && (
      <StopDialog
        stations={hit}
        onKeep={() => setHit(undefined)}
        onStop={() => {
          setHit(undefined);
          stop();
        }}
      />
    )
  );
}
