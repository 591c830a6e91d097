import { Link } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { useWorkGroup } from '../../data/works.ts';
import { count } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { Time } from '../../ui/time.tsx';
import { oldestWait } from './activity.ts';

/** How much work waits and for how long, in one line that opens Work. */
export function QueuedStrip(): ReactNode {
  const queued = useWorkGroup('queued');
  const oldest = oldestWait(queued);
  return (
    <Link
      to="/work"
      className="flex h-40 shrink-0 items-center gap-8 border-t border-hairline px-16 text-small text-3 -outline-offset-2 transition-colors duration-80 hover:bg-hover"
    >
      <span className="font-semibold text-1">Queued</span>
      <span className="figures">{count(queued.length)}</span>
      <span className="ml-auto flex items-center gap-8">
        {oldest !== undefined && (
          <span>
            Oldest waits <Time at={oldest} as="age" />
          </span>
        )}
        <Icon icon={ChevronRight} size={14} />
      </span>
    </Link>
  );
}
