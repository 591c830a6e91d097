import { Popover } from '@base-ui/react/popover';
import { useNavigate } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Problem } from '../../src-shared/views/node.ts';
import { cx } from '../ui/cx.ts';
import { plural } from '../ui/format.ts';
import { Glyph } from '../ui/glyph.tsx';
import { Icon } from '../ui/icon.tsx';
import { FLOAT, POP } from '../ui/layer.ts';
import { Time } from '../ui/time.tsx';

const AREAS = {
  hub: '/hub',
  connection: '/hub',
  agents: '/agents',
  config: '/settings',
  mesh: '/stations',
} as const satisfies Record<Problem['area'], string>;

/** What is wrong, as a count that opens the list; each problem leads to where it is solved. */
export function ProblemSegment({ problems }: { problems: readonly Problem[] }): ReactNode {
  const navigate = useNavigate();
  const worst = problems.some((problem) => problem.severity === 'error') ? 'text-fail' : 'text-late';
  return (
    <Popover.Root>
      <Popover.Trigger className="flex items-center gap-6 px-10 whitespace-nowrap -outline-offset-2 hover:bg-hover">
        <Icon icon={TriangleAlert} size={13} className={worst} />
        {plural(problems.length, 'problem')}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="top" align="end" sideOffset={6} collisionPadding={8} className="z-50">
          <Popover.Popup className={cx(FLOAT, POP, 'w-360 rounded-card p-4')}>
            <Popover.Title className="sr-only">Problems</Popover.Title>
            {problems.map((problem) => (
              <Popover.Close
                key={problem.id}
                onClick={() => void navigate({ to: AREAS[problem.area] })}
                className="flex w-full items-start gap-10 rounded-badge p-8 text-left hover:bg-hover"
              >
                <Glyph
                  status={problem.severity === 'error' ? 'failed' : 'late'}
                  label={problem.severity === 'error' ? 'Error' : 'Warning'}
                  className="mt-3"
                />
                <span className="min-w-0 flex-1">
                  <span className="block text-body font-semibold text-1">{problem.title}</span>
                  <span className="block text-small break-words text-2">{problem.detail}</span>
                </span>
                <span className="text-small text-3">
                  <Time at={problem.since} as="age" />
                </span>
              </Popover.Close>
            ))}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
