import { useDroppable } from '@dnd-kit/core';
import { Bot } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLivePart } from '../../../data/live.ts';
import { cx } from '../../../ui/cx.ts';
import { Icon } from '../../../ui/icon.tsx';

/** More agents are given work from the card itself. */
const SHOWN = 12;

/** The agents of the lattice that a station offers now. */
export function useAgentNames(): readonly string[] {
  return useLivePart('agents.watch', ({ items }) =>
    [
      ...new Set(
        [...items.values()].filter((agent) => agent.station_status !== 'offline').map((agent) => agent.name),
      ),
    ].sort(),
  );
}

function AgentTarget({ name }: { name: string }): ReactNode {
  const { setNodeRef, isOver } = useDroppable({ id: `agent:${name}` });
  return (
    <span
      ref={setNodeRef}
      className={cx(
        'inline-flex h-32 min-w-0 items-center gap-6 rounded-control border px-10 text-body font-medium',
        isOver ? 'border-accent-text bg-accent-subtle text-accent-text' : 'border-border bg-surface text-1',
      )}
    >
      <Icon icon={Bot} size={13} />
      <span className="truncate">{name}</span>
    </span>
  );
}

/** Where a card is dropped to give it to an agent; there only while a card is dragged. */
export function AgentStrip(): ReactNode {
  const names = useAgentNames();
  if (names.length === 0) return null;
  return (
    <div className="absolute inset-x-16 bottom-12 z-20 flex items-center gap-8 rounded-dialog border border-border bg-raised px-12 py-10 shadow-float">
      <span className="shrink-0 text-small font-medium text-2">Give to</span>
      <div className="flex min-w-0 flex-1 flex-wrap gap-6">
        {names.slice(0, SHOWN).map((name) => (
          <AgentTarget key={name} name={name} />
        ))}
      </div>
    </div>
  );
}
