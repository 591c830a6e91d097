import { Link, useNavigate } from '@tanstack/react-router';
import { Bot, GitCompareArrows, Play } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import type { AgentView, StationView } from '../../../src-shared/views/mesh.ts';
import { listOf, useLive } from '../../data/live.ts';
import { ToneBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { RegionHead } from '../../ui/page.tsx';
import { Tag } from '../../ui/tag.tsx';

function AgentRow({ agent, station }: { agent: AgentView; station: StationView }): ReactNode {
  const navigate = useNavigate();
  const run = () =>
    void navigate({
      to: '/agents/$agentName',
      params: { agentName: agent.name },
      search: { run: true, station: station.id },
    });
  return (
    <li className="flex min-h-row-two items-center gap-10 border-b border-hairline px-16 last:border-b-0">
      <Icon icon={Bot} size={14} className="text-3" />
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-8">
          <Link
            to="/agents/$agentName"
            params={{ agentName: agent.name }}
            className="truncate rounded-hint text-body font-medium text-1 hover:underline"
          >
            {agent.name}
          </Link>
          <Tag>{agent.runner}</Tag>
          {agent.conflict !== undefined && (
            <ToneBadge tone="late" icon={GitCompareArrows}>
              Conflict
            </ToneBadge>
          )}
        </span>
        <span className="block truncate text-small text-2" title={agent.description}>
          {agent.description}
        </span>
      </span>
      <Button
        size="small"
        icon={Play}
        aria-label={`Run ${agent.name} on ${station.name}`}
        disabledReason={station.status === 'offline' ? `${station.name} is offline.` : undefined}
        onClick={run}
      >
        Run
      </Button>
    </li>
  );
}

/** What a station offers, each to run right there. */
export function StationAgents({ station }: { station: StationView }): ReactNode {
  const all = listOf(useLive('agents.watch').items);
  const agents = useMemo(
    () => all.filter((agent) => agent.station_id === station.id).sort((a, b) => a.name.localeCompare(b.name)),
    [all, station.id],
  );
  return (
    <section aria-label="Agents" className="border-b border-hairline">
      <RegionHead title="Agents" meta={agents.length} />
      {agents.length === 0 ? (
        <p className="px-16 py-12 text-body text-2">
          {station.name} offers no agents. They come from the agents folder on that machine.
        </p>
      ) : (
        <ul>
          {agents.map((agent) => (
            <AgentRow key={agent.name} agent={agent} station={station} />
          ))}
        </ul>
      )}
    </section>
  );
}
