import { Bot } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import type { StationView } from '../../../../src-shared/views/mesh.ts';
import type { RunView } from '../../../../src-shared/views/run.ts';
import { Sheet } from '../../../ui/sheet.tsx';
import { Empty } from '../../../ui/states.tsx';
import type { AgentGroup } from '../logic/agent-groups.ts';
import { agentOf } from '../logic/run-facts.ts';
import { changeDraft } from '../run-drafts.ts';
import type { AgentPlace } from '../use-agent-place.ts';
import { DetailSheet } from './detail-sheet.tsx';
import { RunSheet } from './run-sheet.tsx';
import { RunsSheet } from './runs-sheet.tsx';

export interface AgentSheetProps {
  place: AgentPlace;
  /** The agent of the place; undefined when nobody offers it. */
  group: AgentGroup | undefined;
  loading: boolean;
  stations: ReadonlyMap<string, StationView>;
  runs: readonly RunView[];
  allRuns: boolean;
  onAllRuns(shown: boolean): void;
  /** Tells the row of the replica that a call would go to now. */
  onBest(key: string | undefined): void;
}

/** The sheet beside the list: a run, the details of an agent, or all runs. */
export function AgentSheet(props: AgentSheetProps): ReactNode {
  const { place, group, stations, runs } = props;
  const name = place.agent;
  const own = useMemo(() => runs.filter((run) => agentOf(run) === name), [runs, name]);
  if (props.allRuns)
    return (
      <RunsSheet
        runs={runs}
        onClose={() => props.onAllRuns(false)}
        onOpen={(run) => {
          const agent = agentOf(run);
          changeDraft(agent, { shown: run.id });
          props.onAllRuns(false);
          place.go({ agent, station: run.asked_station, run: true });
        }}
      />
    );
  if (name === undefined || props.loading) return null;
  if (group === undefined)
    return (
      <Sheet open onClose={place.leave} title={name}>
        <Empty
          icon={Bot}
          title={`No station offers ${name} now`}
          text="It may come back with its station. What it did before is under All runs."
        />
      </Sheet>
    );
  if (!place.running)
    return (
      <DetailSheet
        group={group}
        stations={stations}
        station={place.station}
        onRun={(station) => place.go({ agent: name, station, run: true })}
        onClose={place.leave}
      />
    );
  return (
    <RunSheet
      group={group}
      stations={stations}
      runs={own}
      station={place.station}
      onStation={(station) => place.go({ agent: name, station, run: true, replace: true })}
      onDetails={() => place.go({ agent: name, station: place.station, run: false })}
      onAllRuns={() => props.onAllRuns(true)}
      onBest={props.onBest}
      onClose={place.leave}
    />
  );
}
