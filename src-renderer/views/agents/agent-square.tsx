import { Bot } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from '../../ui/icon.tsx';

/** The square that stands before the name of an agent. */
export function AgentSquare(): ReactNode {
  return (
    <span className="inline-flex size-18 shrink-0 items-center justify-center rounded-hint border border-border bg-surface text-3">
      <Icon icon={Bot} size={12} />
    </span>
  );
}
