import { Link, useNavigate } from '@tanstack/react-router';
import { GitCompareArrows, Play } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { listOf, useLive } from '../../data/live.ts';
import { ToneBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { RegionHead } from '../../ui/page.tsx';
import { AgentSquare } from '../agents/agent-square.tsx';
import { isDisplaced } from '../agents/logic/agent-groups.ts';
import { whyItCannotRun } from '../agents/logic/run-facts.ts';

/** What a station offers, each to be run there. */
export function StationAgents({ stationId }: { stationId: string }): ReactNode {
  const all = listOf(useLive('agents.watch').items);
  const navigate = useNavigate();
  const agents = useMemo(
    () => all.filter((agent) => agent.station_id === stationId).sort((a, b) => a.name.localeCompare(b.name)),
    [all, stationId],
  );
  return (
    <section aria-label="Agents of the station">
      <RegionHead title={<span className="pl-4">Agents</span>} meta={agents.length} />
      {agents.length === 0 && <p className="px-20 py-10 text-body text-3">It offers no agents.</p>}
      <ul>
        {agents.map((agent) => (
          <li key={agent.name} className="flex h-40 items-center gap-8 border-b border-hairline pr-16 pl-20">
            <AgentSquare />
            <Link
              to="/agents/$agentName"
              params={{ agentName: agent.name }}
              search={{ station: stationId }}
              className="shrink-0 rounded-hint text-body font-medium text-1 hover:underline"
            >
              {agent.name}
            </Link>
            {isDisplaced(agent) && (
              <ToneBadge tone="late" icon={GitCompareArrows}>
                Conflict
              </ToneBadge>
            )}
            <span className="min-w-0 flex-1 truncate text-small text-3" title={agent.description}>
              {agent.description}
            </span>
            <Button
              size="small"
              icon={Play}
              aria-label={`Run ${agent.name} on ${agent.station_name}`}
              disabledReason={whyItCannotRun(agent)?.message}
              onClick={() =>
                void navigate({
                  to: '/agents/$agentName',
                  params: { agentName: agent.name },
                  search: { run: true, station: stationId },
                })
              }
            >
              Run
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
