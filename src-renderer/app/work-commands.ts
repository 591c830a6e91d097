import { useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useMemo } from 'react';
import { useNode } from '../data/live.ts';
import { openGive, useGive } from '../views/work/give/give-state.ts';
import { type Command, useCommands } from './commands.ts';

/** The commands about work that run in every view. */
export function useWorkCommands(): void {
  const navigate = useNavigate();
  const idle = useNode()?.mode === 'idle';
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'work.give',
        title: 'Give work',
        group: 'Work',
        icon: Plus,
        shortcut: 'N',
        disabledReason: idle ? 'Host or join a lattice first.' : undefined,
        run: () => {
          openGive();
          if (useGive.getState().places === 0) void navigate({ to: '/work' });
        },
      },
      {
        id: 'work.open',
        title: 'Open work',
        group: 'Work',
        hidden: true,
        run: (id) => {
          if (id === undefined) void navigate({ to: '/work' });
          else void navigate({ to: '/work/$workId', params: { workId: id } });
        },
      },
    ],
    [navigate, idle],
  );
  useCommands(commands);
}
