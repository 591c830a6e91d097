import { CircleDot, Play, Terminal } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { type Command, useCommands } from '../../../app/commands.ts';

/** What the commands of the sheet act on. */
export interface RunCommands {
  agent: string;
  /** Why it cannot run now. */
  disabledReason: string | undefined;
  /** Whether the run that is shown can be cancelled. */
  open: boolean;
  run(): void;
  cancel(): void;
  copy(): void;
}

/** The commands of the run sheet, for keyboard and palette. */
export function useRunCommands({ agent, disabledReason, open, run, cancel, copy }: RunCommands): void {
  const latest = useRef({ run, cancel, copy });
  useEffect(() => {
    latest.current = { run, cancel, copy };
  });
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'run.start',
        title: `Run ${agent} now`,
        group: 'This view',
        icon: Play,
        shortcut: 'Mod+Enter',
        disabledReason,
        run: () => latest.current.run(),
      },
      {
        id: 'run.cancel',
        title: `Cancel the run of ${agent}`,
        group: 'This view',
        icon: CircleDot,
        shortcut: 'Mod+.',
        disabledReason: open ? undefined : `${agent} does not run from here now.`,
        run: () => latest.current.cancel(),
      },
      {
        id: 'run.copy-command',
        title: `Copy the run of ${agent} as a command`,
        group: 'This view',
        icon: Terminal,
        shortcut: 'Shift+C',
        run: () => latest.current.copy(),
      },
    ],
    [agent, disabledReason, open],
  );
  useCommands(commands);
}
