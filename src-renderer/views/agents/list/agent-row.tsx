import { GitCompareArrows } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AgentView, StationView } from '../../../../src-shared/views/mesh.ts';
import { ToneBadge } from '../../../ui/badge.tsx';
import { cx } from '../../../ui/cx.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { STATUSES } from '../../../ui/status.ts';
import { Tag } from '../../../ui/tag.tsx';
import { Time } from '../../../ui/time.tsx';
import { AgentSquare } from '../agent-square.tsx';
import { type AgentGroup, isContested, isDisplaced, slotsOf } from '../logic/agent-groups.ts';
import type { RunFacts } from '../logic/run-facts.ts';
import { COLUMNS } from './columns.ts';
import { FigureCells, FoldButton, RowName } from './row-parts.tsx';

const ROW = cx(COLUMNS, 'group/agent relative h-full');

function StationGlyph({ agent }: { agent: AgentView }): ReactNode {
  const { station_status: status } = agent;
  return <Glyph status={status} size={13} label={STATUSES[status].word} />;
}

export interface GroupRowProps {
  group: AgentGroup;
  folded: boolean;
  selected: boolean;
  stations: ReadonlyMap<string, StationView>;
  facts: RunFacts | undefined;
  onToggle(): void;
  onOpen(): void;
}

/** An agent with all its replicas. */
export function GroupRow({ group, folded, selected, ...props }: GroupRowProps): ReactNode {
  const { name, lead, replicas } = group;
  const alone = replicas.length === 1;
  return (
    <div className={ROW}>
      <span className="flex min-w-0 items-center gap-8 pr-12">
        <FoldButton name={name} folded={folded} onToggle={props.onToggle} />
        <AgentSquare />
        <RowName strong onOpen={props.onOpen}>
          {name}
        </RowName>
        {alone && folded ? (
          <span className="flex shrink-0 items-center gap-6 text-body text-2">
            <StationGlyph agent={lead} />
            {lead.station_name}
          </span>
        ) : (
          <span className="figures text-body text-3">{replicas.length}</span>
        )}
        {isContested(group) && (
          <ToneBadge tone="late" icon={GitCompareArrows}>
            Conflict
          </ToneBadge>
        )}
        <span className="min-w-0 flex-1 truncate text-body text-3" title={lead.description}>
          {lead.description}
        </span>
      </span>
      <FigureCells
        runner={lead.runner}
        slots={slotsOf(replicas.map((agent) => props.stations.get(agent.station_id)))}
        facts={props.facts}
        run={{ label: `Run ${name}`, selected, onRun: props.onOpen }}
      />
    </div>
  );
}

export interface ReplicaRowProps {
  agent: AgentView;
  contested: boolean;
  /** Whether a call would go there now. */
  best: boolean;
  selected: boolean;
  station: StationView | undefined;
  facts: RunFacts | undefined;
  onOpen(): void;
}

function StationNote({ agent, station }: { agent: AgentView; station: StationView | undefined }): ReactNode {
  if (agent.station_status !== 'online' && station !== undefined)
    return (
      <>
        {STATUSES[agent.station_status].word} since <Time at={station.status_since} as="moment" />
      </>
    );
  return agent.is_self ? 'This machine' : null;
}

/** An agent on one station, under its group. */
export function ReplicaRow({ agent, contested, best, selected, ...props }: ReplicaRowProps): ReactNode {
  const displaced = isDisplaced(agent);
  return (
    <div className={ROW}>
      <span className="flex min-w-0 items-center gap-8 pr-12 pl-26">
        <StationGlyph agent={agent} />
        <RowName onOpen={props.onOpen}>{agent.station_name}</RowName>
        {contested && (
          <span className={cx('shrink-0 font-mono text-mono-small', displaced ? 'text-late' : 'text-3')}>
            {agent.digest.slice(0, 6)}
          </span>
        )}
        {best && <Tag>Best now</Tag>}
        <span className="truncate text-small text-3">
          <StationNote agent={agent} station={props.station} />
        </span>
      </span>
      <FigureCells
        runner={undefined}
        slots={slotsOf([props.station])}
        facts={props.facts}
        run={{ label: `Run ${agent.name} on ${agent.station_name}`, selected, onRun: props.onOpen }}
      />
    </div>
  );
}

export interface OfferRowProps {
  agent: AgentView;
  selected: boolean;
  facts: RunFacts | undefined;
  onOpen(): void;
}

/** An agent under its station. */
export function OfferRow({ agent, selected, facts, onOpen }: OfferRowProps): ReactNode {
  return (
    <div className={ROW}>
      <span className="flex min-w-0 items-center gap-8 pr-12 pl-26">
        <AgentSquare />
        <RowName onOpen={onOpen}>{agent.name}</RowName>
        {isDisplaced(agent) && (
          <ToneBadge tone="late" icon={GitCompareArrows}>
            Conflict
          </ToneBadge>
        )}
        <span className="min-w-0 flex-1 truncate text-body text-3" title={agent.description}>
          {agent.description}
        </span>
      </span>
      <FigureCells
        runner={agent.runner}
        slots={undefined}
        facts={facts}
        run={{ label: `Run ${agent.name} on ${agent.station_name}`, selected, onRun: onOpen }}
      />
    </div>
  );
}

export interface StationRowProps {
  name: string;
  station: StationView | undefined;
  agents: number;
  folded: boolean;
  onToggle(): void;
  onOpen(): void;
}

/** A station with what it offers below it. */
export function StationRow({ name, station, agents, folded, onToggle, onOpen }: StationRowProps): ReactNode {
  const status = station?.status ?? 'offline';
  return (
    <div className={ROW}>
      <span className="flex min-w-0 items-center gap-8 pr-12">
        <FoldButton name={name} folded={folded} onToggle={onToggle} />
        <Glyph status={status} size={13} label={STATUSES[status].word} />
        <RowName strong onOpen={onOpen}>
          {name}
        </RowName>
        <span className="figures text-body text-3">{agents}</span>
        <span className="truncate text-small text-3">
          {station?.is_self && 'This machine'}
          {station !== undefined && status !== 'online' && (
            <>
              {STATUSES[status].word} since <Time at={station.status_since} as="moment" />
            </>
          )}
        </span>
      </span>
      <FigureCells runner={undefined} slots={slotsOf([station])} facts={undefined} />
    </div>
  );
}
