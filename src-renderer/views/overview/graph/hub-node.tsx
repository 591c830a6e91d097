import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { NodeView } from '../../../../src-shared/views/node.ts';
import { useLivePart } from '../../../data/live.ts';
import { count } from '../../../ui/format.ts';
import { Mark } from '../../../ui/mark.tsx';
import type { Box } from './geometry.ts';

function useRate(): number | undefined {
  return useLivePart('hub.metrics', (state) => state.items.get('hub')?.samples.at(-1)?.in_msgs);
}

function words(node: NodeView, rate: number | undefined): string {
  if (node.connection.state !== 'connected') return 'Not connected';
  return rate === undefined ? (node.connection.server_version ?? 'Connected') : `${count(rate)} messages/s`;
}

/** The hub in the middle of the graph; it opens its view. */
export function HubNode({ box, node }: { box: Box; node: NodeView }): ReactNode {
  const rate = useRate();
  return (
    <Link
      to="/hub"
      data-node="hub"
      aria-label={`Hub, ${words(node, rate)}`}
      className="absolute flex flex-col items-center justify-center rounded-hub border-[1.5px] border-accent-line bg-surface transition-colors duration-80 hover:bg-hover before:pointer-events-none before:absolute before:-inset-8 before:rounded-[27px] before:border before:border-hairline"
      style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
    >
      <Mark size={24} />
      <span className="mt-4 text-body font-semibold text-1">Hub</span>
      <span className="text-small text-3">{words(node, rate)}</span>
    </Link>
  );
}
