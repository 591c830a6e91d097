import { useNavigate, useParams, useSearch } from '@tanstack/react-router';

/** Where in Agents the window is: which agent, on which station, and whether its run sheet is open. */
export interface AgentPlace {
  agent: string | undefined;
  station: string | undefined;
  running: boolean;
  /** Goes to an agent; `replace` leaves no step to go back to. */
  go(to: { agent: string; station?: string | undefined; run: boolean; replace?: boolean }): void;
  leave(): void;
}

/** The place and the ways from it. */
export function useAgentPlace(): AgentPlace {
  const navigate = useNavigate();
  const { agentName } = useParams({ strict: false });
  const { run, station } = useSearch({ strict: false });
  return {
    agent: agentName,
    station: typeof station === 'string' ? station : undefined,
    running: run === true,
    go: ({ agent, station: on, run: running, replace = false }) =>
      void navigate({
        to: '/agents/$agentName',
        params: { agentName: agent },
        search: { ...(running ? { run: true } : {}), ...(on === undefined ? {} : { station: on }) },
        replace,
      }),
    leave: () => void navigate({ to: '/agents' }),
  };
}
