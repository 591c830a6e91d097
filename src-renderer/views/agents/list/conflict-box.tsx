import { GitCompareArrows } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Code } from '../../../ui/code.tsx';
import { cx } from '../../../ui/cx.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Time } from '../../../ui/time.tsx';
import type { AgentGroup, Definition } from '../logic/agent-groups.ts';
import { listNames } from '../logic/agent-groups.ts';
import { CompareDialog } from './compare-dialog.tsx';

/** Heights of the parts in pixels: the list places rows before they are drawn. */
const HEAD = 40;
const SIDE = 74;
const GAP = 14;

/** The height of the box of a group, with the space around it. */
export function conflictHeight(group: AgentGroup): number {
  return HEAD + Math.ceil(group.definitions.length / 2) * SIDE + GAP;
}

const NUMBERS = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'];

function Side({ group, side, first }: { group: AgentGroup; side: Definition; first: boolean }): ReactNode {
  const stations = listNames(side.replicas.map((agent) => agent.station_name));
  const own = side.replicas[0]?.station_name ?? '';
  return (
    <div
      className={cx('flex min-w-0 flex-col justify-center px-12', !first && 'border-l border-hairline')}
      style={{ height: SIDE - 1 }}
    >
      <p className="truncate text-small font-semibold text-1">
        {side.holdsName ? 'Keeps the name, since ' : 'Newer, since '}
        <Time at={side.since} as="moment" />
      </p>
      <p className="truncate text-small text-2" title={stations}>
        {side.holdsName ? `${stations}, call it` : `Rename it on ${stations}, or call it`}
      </p>
      <Code className="truncate text-mono-small">{side.holdsName ? group.name : `${own}/${group.name}`}</Code>
    </div>
  );
}

/** Both sides of a conflict: who keeps the name, and how the others are called. */
export function ConflictBox({ group }: { group: AgentGroup }): ReactNode {
  const [comparing, setComparing] = useState(false);
  const count = group.definitions.length;
  return (
    <div className="h-full border-b border-hairline pr-16 pb-13 pl-46">
      <section
        aria-label={`Conflict of ${group.name}`}
        className="overflow-hidden rounded-card border border-late-line bg-surface"
      >
        <div className="flex items-center gap-10 bg-late-subtle pr-10 pl-12" style={{ height: HEAD - 1 }}>
          <Icon icon={GitCompareArrows} size={13} className="text-late" />
          <p className="min-w-0 flex-1 truncate text-small text-1">
            {NUMBERS[count] ?? count} definitions use this name. The {count === 2 ? 'older' : 'oldest'} one
            keeps it.
          </p>
          <Button size="small" tabIndex={-1} onClick={() => setComparing(true)}>
            Compare
          </Button>
        </div>
        <div className="grid grid-cols-2">
          {group.definitions.map((side, index) => (
            <Side key={side.digest} group={group} side={side} first={index % 2 === 0} />
          ))}
        </div>
      </section>
      {comparing && <CompareDialog group={group} onClose={() => setComparing(false)} />}
    </div>
  );
}
