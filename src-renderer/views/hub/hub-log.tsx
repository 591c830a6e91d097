import { FolderOpen } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { runCommand } from '../../app/commands.ts';
import { listOf, useLive } from '../../data/live.ts';
import { useRemembered } from '../../data/view-state.ts';
import { Chip } from '../../ui/chip.tsx';
import { count } from '../../ui/format.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Output } from '../../ui/output.tsx';
import { isWarning, logLines } from './hub-facts.ts';

/** The end of the hub's log, live; warnings and errors alone when wanted. */
export function HubLog(): ReactNode {
  const log = listOf(useLive('hub.log').items);
  const [level, setLevel] = useRemembered('hub.log', 'all');
  const warnings = useMemo(() => log.filter(isWarning), [log]);
  const only = level === 'warnings';
  const lines = useMemo(() => logLines(only ? warnings : log), [only, warnings, log]);
  return (
    <Output
      title="Log"
      meta="nats-server"
      lines={lines}
      empty={only ? 'No warnings and no errors.' : 'The hub has not said anything yet.'}
      actions={
        <>
          <Chip on={only} onClick={() => setLevel(only ? 'all' : 'warnings')}>
            Warnings and errors <span className="figures">{count(warnings.length)}</span>
          </Chip>
          <IconButton
            icon={FolderOpen}
            label="Open the folder of the log"
            size={24}
            onClick={() => void runCommand('hub.log-folder')}
          />
        </>
      }
    />
  );
}
