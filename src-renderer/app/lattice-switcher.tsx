import { ChevronsUpDown, LogOut, Settings2, UserPlus } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { roleWords } from '../../src-shared/protocol/roles.ts';
import type { NodeView } from '../../src-shared/views/node.ts';
import { useNode } from '../data/live.ts';
import { cx } from '../ui/cx.ts';
import { Icon } from '../ui/icon.tsx';
import { Mark } from '../ui/mark.tsx';
import { Menu } from '../ui/menu.tsx';
import { runCommand } from './commands.ts';

/** What this machine is, as a person says it. */
function roleOf(node: NodeView | undefined): string {
  switch (node?.mode) {
    case 'orchestrator':
      return 'This machine hosts it';
    case 'member':
      return `Joined as ${roleWords[node.role ?? 'station'].title.toLowerCase()}`;
    case 'standalone':
      return 'This machine only';
    default:
      return 'Not on a lattice';
  }
}

/** The name of the lattice and what one can do with it as a whole. */
export function LatticeSwitcher({ narrow }: { narrow: boolean }): ReactNode {
  const node = useNode();
  const name = node?.mode === 'idle' ? 'Lattice' : (node?.lattice_name ?? 'Lattice');
  const id = useId();
  const trigger = (
    <button
      type="button"
      aria-labelledby={`${id}name ${id}role`}
      className={cx(
        'flex h-52 w-full shrink-0 items-center gap-10 rounded-control px-8 text-left',
        narrow && 'justify-center px-0',
      )}
    >
      <Mark />
      <span className={cx('min-w-0 flex-1', narrow && 'sr-only')}>
        <span id={`${id}name`} className="block truncate text-body leading-18 font-semibold text-1">
          {name}
        </span>
        <span id={`${id}role`} className="block truncate text-tiny leading-14 font-normal text-3">
          {roleOf(node)}
        </span>
      </span>
      {!narrow && <Icon icon={ChevronsUpDown} className="text-3" />}
    </button>
  );
  const entry = (command: string, label: string, icon: typeof LogOut) => ({
    id: command,
    label,
    icon,
    run: () => void runCommand(command),
  });
  return (
    <Menu
      align="start"
      trigger={trigger}
      groups={[
        ...(node?.mode === 'orchestrator' ? [[entry('hub.invite', 'Invite a machine', UserPlus)]] : []),
        [
          { ...entry('go.settings', 'Settings', Settings2), shortcut: 'Mod+,' },
          ...(node?.mode === 'idle' ? [] : [entry('node.leave', 'Leave this lattice', LogOut)]),
        ],
      ]}
    />
  );
}
