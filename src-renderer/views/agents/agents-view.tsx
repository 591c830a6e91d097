import { useNavigate } from '@tanstack/react-router';
import { CircleAlert, FilePlus, FolderOpen, History, Play } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { type Command, runCommand, useCommands } from '../../app/commands.ts';
import { openPalette } from '../../app/open-palette.ts';
import { useCompact } from '../../app/use-compact.ts';
import { listOf, useLive } from '../../data/live.ts';
import { useRemembered } from '../../data/view-state.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { Page } from '../../ui/page.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { AgentsToolbar, useAgentLook } from './agents-toolbar.tsx';
import { CatalogBanner } from './catalog-banner.tsx';
import { NoAgents, NothingFound, useDemoAgents } from './empty-agents.tsx';
import { AgentList } from './list/agent-list.tsx';
import { groupAgents, matchesFilter } from './logic/agent-groups.ts';
import { type AgentRow, keyOfChoice, rowsByAgent, rowsByStation } from './logic/agent-rows.ts';
import { AgentSheet } from './sheet/agent-sheet.tsx';
import { useAgentPlace } from './use-agent-place.ts';

/** Keys of groups that stand the other way than usual, one per line. */
function useToggled(): [ReadonlySet<string>, (key: string) => void] {
  const [text, setText] = useRemembered('agents.toggled', '');
  const toggled = useMemo(() => new Set(text.split('\n').filter(Boolean)), [text]);
  const toggle = (key: string) => {
    const next = new Set(toggled);
    if (!next.delete(key)) next.add(key);
    setText([...next].join('\n'));
  };
  return [toggled, toggle];
}

function useViewCommands(showRuns: () => void): void {
  const { write } = useDemoAgents();
  const commands = useMemo(
    (): readonly Command[] => [
      {
        id: 'agents.run',
        title: 'Run an agent',
        group: 'Agents',
        icon: Play,
        shortcut: 'N',
        run: () => openPalette('@'),
      },
      { id: 'agents.runs', title: 'Show all runs', group: 'Agents', icon: History, run: showRuns },
      { id: 'project.init', title: 'Write demo agents', group: 'Agents', icon: FilePlus, run: () => write() },
    ],
    [write, showRuns],
  );
  useCommands(commands);
}

/** Which agent and station a row stands for. */
function targetOf(row: AgentRow): { agent: string; station?: string } | undefined {
  if (row.kind === 'group') return { agent: row.group.name };
  if (row.kind === 'replica' || row.kind === 'offer')
    return { agent: row.agent.name, station: row.agent.station_id };
  return undefined;
}

/** Agents of all stations: found, understood and run. */
export function AgentsView(): ReactNode {
  const { items, state, error } = useLive('agents.watch');
  const stations = useLive('stations.watch').items;
  const runs = listOf(useLive('runs.watch').items);
  const navigate = useNavigate();
  const compact = useCompact();
  const look = useAgentLook();
  const place = useAgentPlace();
  const [toggled, toggle] = useToggled();
  const [cursor, setCursor] = useState<string | undefined>(undefined);
  const [best, setBest] = useState<string | undefined>(undefined);
  const [allRuns, setAllRuns] = useState(false);
  const showRuns = useMemo(() => () => setAllRuns(true), []);
  useViewCommands(showRuns);

  const agents = listOf(items);
  const { text, capability, station, byStation } = look;
  const found = useMemo(
    () => agents.filter((agent) => matchesFilter(agent, { text, capability, station })),
    [agents, text, capability, station],
  );
  const rows = useMemo(
    () => (byStation ? rowsByStation(found, stations, toggled) : rowsByAgent(found, toggled)),
    [byStation, found, stations, toggled],
  );
  const count = useMemo(() => new Set(agents.map((agent) => agent.name)).size, [agents]);
  const groups = useMemo(() => groupAgents(agents), [agents]);
  const group = groups.find((each) => each.name === place.agent);
  // The cursor follows the address of the view, and moves freely between two of its changes.
  const chosen = place.agent === undefined ? undefined : `${place.agent}\n${place.station ?? ''}`;
  useEffect(() => {
    if (chosen !== undefined) setCursor(undefined);
  }, [chosen]);
  const selected = cursor ?? keyOfChoice(rows, place.agent, place.station);
  const sheet = allRuns || place.agent !== undefined;

  const leave = () => {
    setCursor(selected);
    place.leave();
  };
  const open = (row: AgentRow, run: boolean) => {
    const target = targetOf(row);
    setAllRuns(false);
    if (target !== undefined) place.go({ ...target, run });
    else if (row.kind === 'station')
      void navigate({ to: '/stations/$stationId', params: { stationId: row.id } });
  };
  const select = (row: AgentRow) => {
    setCursor(row.key);
    const target = targetOf(row);
    // An open sheet follows the cursor.
    if (target !== undefined && place.agent !== undefined && !allRuns)
      place.go({ ...target, run: place.running, replace: true });
  };
  return (
    <Page
      title="Agents"
      meta={state === 'live' || state === 'stale' ? count : undefined}
      actions={
        <>
          <Button variant="plain" icon={History} onClick={showRuns}>
            All runs
          </Button>
          {agents.length > 0 && (
            <>
              <Button icon={FolderOpen} onClick={() => void runCommand('agents.folder')}>
                Open agents folder
              </Button>
              <Button variant="main" icon={Play} shortcut="N" onClick={() => openPalette('@')}>
                Run an agent
              </Button>
            </>
          )}
        </>
      }
    >
      <div className={cx('flex min-h-0 flex-1 flex-col', sheet && !compact && 'pr-472')}>
        <CatalogBanner />
        {agents.length > 0 && <AgentsToolbar agents={agents} look={look} />}
        {state === 'loading' && <Loading label="Loading agents" />}
        {state === 'error' && (
          <Failure
            icon={CircleAlert}
            title="The agents cannot be shown"
            {...(error === undefined ? {} : { error })}
          />
        )}
        {(state === 'live' || state === 'stale') && agents.length === 0 && <NoAgents />}
        {agents.length > 0 && rows.length === 0 && <NothingFound onClear={look.clear} />}
        {rows.length > 0 && (
          <AgentList
            rows={rows}
            byStation={byStation}
            stations={stations}
            runs={runs}
            best={best}
            selected={selected}
            onSelect={select}
            onOpen={(row) => open(row, true)}
            onPeek={(row) => open(row, false)}
            onToggle={toggle}
          />
        )}
      </div>
      <AgentSheet
        place={{ ...place, leave }}
        group={group}
        loading={state === 'loading'}
        stations={stations}
        runs={runs}
        allRuns={allRuns}
        onAllRuns={setAllRuns}
        onBest={setBest}
      />
    </Page>
  );
}
