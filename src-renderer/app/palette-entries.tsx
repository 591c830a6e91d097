import { useNavigate } from '@tanstack/react-router';
import { Bot, ChevronRight, Play, SquareKanban } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { FoundTask } from '../../src-shared/views/board.ts';
import type { AgentView } from '../../src-shared/views/mesh.ts';
import type { RunView } from '../../src-shared/views/run.ts';
import { groupBy } from '../data/group-by.ts';
import { listOf, useLive } from '../data/live.ts';
import { call } from '../data/queries.ts';
import { useWorkGroup } from '../data/works.ts';
import { clock, plural } from '../ui/format.ts';
import { Glyph } from '../ui/glyph.tsx';
import { Icon } from '../ui/icon.tsx';
import type { Status } from '../ui/status.ts';
import { doerOf, stateOf } from '../views/work/words.ts';
import { shortcutsOf, useVisibleCommands } from './commands.ts';

/** What the palette shows: everything, or what a prefix narrows it to. */
export type PaletteScope = 'all' | 'commands' | 'agents' | 'work';

export interface PaletteEntry {
  id: string;
  title: string;
  lead: ReactNode;
  meta?: string | undefined;
  /** More words that find it. */
  words?: string;
  shortcut?: string | undefined;
  disabledReason?: string | undefined;
  run(): void;
}

export interface PaletteGroup {
  title: string;
  entries: readonly PaletteEntry[];
  /** How many entries it shows at most. */
  limit: number;
}

function useAgentEntries(): PaletteEntry[] {
  const navigate = useNavigate();
  const agents = listOf(useLive('agents.watch').items);
  const byName = groupBy(agents, (agent: AgentView) => agent.name);
  return [...byName].flatMap(([name, replicas]) => {
    const words = replicas.flatMap((agent) => [agent.description, ...agent.capabilities]).join(' ');
    const stations = plural(replicas.length, 'station');
    const open = (run: boolean) => () =>
      void navigate({ to: '/agents/$agentName', params: { agentName: name }, search: run ? { run } : {} });
    return [
      {
        id: `run ${name}`,
        title: `Run ${name}`,
        lead: <Icon icon={Play} size={16} />,
        meta: stations,
        words,
        run: open(true),
      },
      {
        id: `open ${name}`,
        title: `Open ${name}`,
        lead: <Icon icon={Bot} size={16} />,
        words,
        run: open(false),
      },
    ];
  });
}

function useStationEntries(): PaletteEntry[] {
  const navigate = useNavigate();
  return listOf(useLive('stations.watch').items).map((station) => ({
    id: `station ${station.id}`,
    title: `Open ${station.name}`,
    lead: <Glyph status={station.status} label={station.status} />,
    meta: plural(station.agent_count, 'agent'),
    words: `${station.platform.os} ${station.platform.hostname}`,
    run: () => void navigate({ to: '/stations/$stationId', params: { stationId: station.id } }),
  }));
}

/** Finished works that the palette knows, newest first. */
const FINISHED_KNOWN = 1_000;

function useWorkEntries(): PaletteEntry[] {
  const navigate = useNavigate();
  const works = [
    ...useWorkGroup('needs_you'),
    ...useWorkGroup('running'),
    ...useWorkGroup('queued'),
    ...useWorkGroup('finished').slice(0, FINISHED_KNOWN),
  ];
  return works.map((work) => {
    const said = stateOf(work);
    return {
      id: `work ${work.id}`,
      title: work.task,
      lead: <Glyph status={said.status} percent={work.progress?.percent} label={said.word} />,
      meta: work.ended_at === undefined ? work.station_name : clock(work.ended_at),
      words: `${doerOf(work)} ${said.word} ${work.id} ${work.labels?.join(' ') ?? ''}`,
      run: () => void navigate({ to: '/work/$workId', params: { workId: work.id } }),
    };
  });
}

/** Words rest this long before all boards are searched, in milliseconds. */
const TASKS_REST_MS = 80;

function useTaskEntries(text: string): PaletteEntry[] {
  const navigate = useNavigate();
  const [found, setFound] = useState<readonly FoundTask[]>([]);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      // Boards that cannot be searched offer nothing here; the Boards view says why.
      call('boards.find', { text }).then(
        (tasks) => current && setFound(tasks),
        () => current && setFound([]),
      );
    }, TASKS_REST_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text]);
  return found.map(({ board, board_name, task, short_id, title }) => ({
    id: `task ${board} ${task}`,
    title: `${short_id} ${title}`,
    lead: <Icon icon={SquareKanban} size={16} />,
    meta: board_name,
    run: () => void navigate({ to: '/boards/$boardId/$taskId', params: { boardId: board, taskId: task } }),
  }));
}

const RUN_STATUS: Record<RunView['state'], Status> = {
  routing: 'queued',
  queued: 'queued',
  running: 'running',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

function useRunEntries(): PaletteEntry[] {
  const navigate = useNavigate();
  return [...listOf(useLive('runs.watch').items)].reverse().map((run) => ({
    id: `run-of ${run.id}`,
    title: run.task,
    lead: <Glyph status={RUN_STATUS[run.state]} percent={run.progress?.percent} label={run.state} />,
    meta: run.ended_at === undefined ? run.station_name : clock(run.ended_at),
    words: run.agent,
    run: () =>
      void navigate({ to: '/agents/$agentName', params: { agentName: run.agent }, search: { run: true } }),
  }));
}

function useCommandEntries(): PaletteEntry[] {
  return useVisibleCommands()
    .filter((command) => command.id !== 'palette.open')
    .map((command) => ({
      id: `command ${command.id}`,
      title: command.title,
      lead: <Icon icon={command.icon ?? ChevronRight} size={16} />,
      words: command.group,
      shortcut: shortcutsOf(command)[0],
      disabledReason: command.disabledReason,
      run: () => command.run(),
    }));
}

/** Everything the palette can offer in a scope, in the order of its groups. */
export function usePaletteGroups(scope: PaletteScope, text: string): PaletteGroup[] {
  const limit = scope === 'all' ? 6 : 50;
  const agents = { title: 'Agents', entries: useAgentEntries(), limit };
  const work = { title: 'Work', entries: [...useWorkEntries(), ...useRunEntries()], limit };
  const tasks = { title: 'Tasks', entries: useTaskEntries(text), limit };
  const stations = { title: 'Stations', entries: useStationEntries(), limit };
  const commands = { title: 'Commands', entries: useCommandEntries(), limit: scope === 'all' ? 20 : 100 };
  switch (scope) {
    case 'all':
      return [agents, work, tasks, stations, commands];
    case 'agents':
      return [agents];
    case 'work':
      return [work, tasks];
    case 'commands':
      return [commands];
  }
}
