import { ChevronDown, ChevronUp, Copy, Ellipsis, Trash2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Menu } from '../../../ui/menu.tsx';
import { deleteAgent, duplicateAgent, moveAgent } from '../state/agent-actions.ts';

/** What can be done with an agent as a whole. */
export function AgentMenu({ name }: { name: string }): ReactNode {
  return (
    <Menu
      trigger={<IconButton icon={Ellipsis} size={24} label={`Actions for ${name}`} />}
      groups={[
        [
          { id: 'duplicate', label: 'Duplicate', icon: Copy, run: () => duplicateAgent(name) },
          {
            id: 'up',
            label: 'Move up',
            icon: ChevronUp,
            shortcut: 'Alt+ArrowUp',
            run: () => moveAgent(name, -1),
          },
          {
            id: 'down',
            label: 'Move down',
            icon: ChevronDown,
            shortcut: 'Alt+ArrowDown',
            run: () => moveAgent(name, 1),
          },
        ],
        [{ id: 'delete', label: 'Delete', icon: Trash2, danger: true, run: () => deleteAgent(name) }],
      ]}
    />
  );
}
