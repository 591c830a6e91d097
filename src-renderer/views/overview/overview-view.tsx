import { Maximize, Play, Plus, Rows3, UserPlus, Waypoints } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import { type Command, runCommand, useCommands } from '../../app/commands.ts';
import { openPalette } from '../../app/open-palette.ts';
import { listOf, useLive, useNode } from '../../data/live.ts';
import { useRemembered } from '../../data/view-state.ts';
import { Button } from '../../ui/button.tsx';
import { Glyph } from '../../ui/glyph.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Page } from '../../ui/page.tsx';
import { Segment } from '../../ui/segment.tsx';
import { Failure, Loading } from '../../ui/states.tsx';
import { GiveSheet } from '../work/give/give-sheet.tsx';
import { openGive } from '../work/give/give-state.ts';
import { Graph } from './graph/graph.tsx';
import { RunningPanel } from './running-panel.tsx';
import { StationTable } from './station-table.tsx';
import { SummaryStrip } from './summary-strip.tsx';
import { useActivities } from './use-activities.ts';
import { useAgeOrder } from './use-age-order.ts';

/** Above this many stations the table is what a person gets first. */
const MOST_DRAWN = 40;
const ZOOM = { least: 0.5, most: 2, step: 0.25 };

function useZoom(): [number, () => void] {
  const [zoom, setZoom] = useState(1);
  const commands = useMemo<readonly Command[]>(() => {
    const by = (step: number) => () =>
      setZoom((now) => Math.min(ZOOM.most, Math.max(ZOOM.least, now + step)));
    return [
      { id: 'graph.larger', title: 'Larger', group: 'This view', shortcut: '+', run: by(ZOOM.step) },
      { id: 'graph.smaller', title: 'Smaller', group: 'This view', shortcut: '-', run: by(-ZOOM.step) },
      { id: 'graph.fit', title: 'Fit', group: 'This view', shortcut: '0', run: () => setZoom(1) },
    ];
  }, []);
  useCommands(commands);
  return [zoom, () => setZoom(1)];
}

function Legend(): ReactNode {
  return (
    <ul
      aria-label="Legend"
      className="absolute bottom-16 left-20 flex items-center gap-16 text-small text-3 max-wide:hidden"
    >
      <li className="flex items-center gap-8">
        <Glyph status="online" size={12} />
        Online
      </li>
      <li className="flex items-center gap-8">
        <Glyph status="late" size={12} />
        Late, over 15 s
      </li>
      <li className="flex items-center gap-8">
        <Glyph status="offline" size={12} />
        Offline, over 30 s
      </li>
    </ul>
  );
}

const viewCommands: readonly Command[] = [
  {
    id: 'agents.run',
    title: 'Run an agent',
    group: 'Agents',
    icon: Play,
    run: () => openPalette('@'),
  },
];

/** The mesh in one look: stations around the hub, their load, and what runs. */
export function OverviewView(): ReactNode {
  const node = useNode();
  const { items, state, error } = useLive('stations.watch');
  const runs = listOf(useLive('runs.watch').items);
  const { running, byStation } = useActivities(runs);
  const stations = useAgeOrder(items.values());
  const [wanted, setWanted] = useRemembered('overview.as', '');
  const [zoom, fit] = useZoom();
  useCommands(viewCommands);
  const shown = wanted === '' ? (stations.length > MOST_DRAWN ? 'table' : 'graph') : wanted;
  return (
    <Page
      title="Overview"
      actions={
        <>
          {node?.mode === 'orchestrator' && (
            <Button icon={UserPlus} onClick={() => void runCommand('hub.invite')}>
              Invite a machine
            </Button>
          )}
          <Button variant="main" icon={Plus} shortcut="N" onClick={() => openGive()}>
            Give work
          </Button>
        </>
      }
    >
      <SummaryStrip />
      <div className="flex min-h-0 flex-1">
        <div className="relative min-w-0 flex-1">
          {state === 'loading' && <Loading label="Loading stations" />}
          {state === 'error' && (
            <Failure
              icon={Waypoints}
              title="The stations cannot be shown"
              {...(error === undefined ? {} : { error })}
            />
          )}
          {node !== undefined && (state === 'live' || state === 'stale') && (
            <>
              {shown === 'graph' ? (
                <Graph node={node} stations={stations} activities={byStation} zoom={zoom} />
              ) : (
                <StationTable stations={stations} />
              )}
              {shown === 'graph' && <Legend />}
              <div className="absolute right-16 bottom-12 flex items-center gap-6">
                <Segment
                  label="Show as"
                  value={shown === 'graph' ? 'graph' : 'table'}
                  onChange={setWanted}
                  options={[
                    { value: 'graph', label: 'Graph', icon: Waypoints },
                    { value: 'table', label: 'Table', icon: Rows3 },
                  ]}
                />
                {shown === 'graph' && (
                  <IconButton icon={Maximize} label="Fit" shortcut="0" variant="outlined" onClick={fit} />
                )}
              </div>
            </>
          )}
        </div>
        <RunningPanel running={running} runs={runs} stations={items} />
      </div>
      <GiveSheet />
    </Page>
  );
}
