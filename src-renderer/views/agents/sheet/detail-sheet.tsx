import { GitCompareArrows, Play } from 'lucide-react';
import type { ReactNode } from 'react';
import type { StationView } from '../../../../src-shared/views/mesh.ts';
import { ToneBadge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { Code } from '../../../ui/code.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { duration } from '../../../ui/format.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { Id } from '../../../ui/id.tsx';
import { RegionHead } from '../../../ui/page.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import { STATUSES } from '../../../ui/status.ts';
import { Tag } from '../../../ui/tag.tsx';
import { Time } from '../../../ui/time.tsx';
import { AgentSquare } from '../agent-square.tsx';
import { type AgentGroup, isDisplaced } from '../logic/agent-groups.ts';
import { AgentRecord } from './agent-record.tsx';
import { DefinitionParts } from './definition-parts.tsx';
import { Fact } from './fact.tsx';

export interface DetailSheetProps {
  group: AgentGroup;
  stations: ReadonlyMap<string, StationView>;
  /** The id of the station whose definition is shown; undefined for the one that the name means. */
  station: string | undefined;
  onRun(station: string | undefined): void;
  onClose(): void;
}

/** What an agent is, what it wants, and where it runs. */
export function DetailSheet({ group, stations, station, onRun, onClose }: DetailSheetProps): ReactNode {
  const agent = group.replicas.find((each) => each.station_id === station) ?? group.lead;
  const schema = agent.input_schema === undefined ? undefined : JSON.stringify(agent.input_schema, null, 2);
  return (
    <Sheet
      open
      onClose={onClose}
      title={agent.name}
      lead={<AgentSquare />}
      actions={
        <Button size="small" variant="main" icon={Play} data-first onClick={() => onRun(station)}>
          Run
        </Button>
      }
    >
      <div className="flex flex-col gap-10 px-20 py-16">
        {agent.description !== '' && (
          <p className="takeable text-body whitespace-pre-wrap text-1">{agent.description}</p>
        )}
        <dl className="flex flex-col gap-8">
          {agent.capabilities.length > 0 && (
            <Fact name="Capabilities">
              <span className="flex flex-wrap gap-4">
                {agent.capabilities.map((capability) => (
                  <Tag key={capability}>{capability}</Tag>
                ))}
              </span>
            </Fact>
          )}
          <Fact name="Runner">{agent.runner}</Fact>
          {agent.approval === 'required' && (
            <Fact name="Approval">The owner of its station is asked before each run.</Fact>
          )}
          {agent.models !== undefined && agent.models.length > 0 && (
            <Fact name="Models">
              <span className="flex flex-col">
                {agent.models.map((model) => (
                  <Code key={model}>{model}</Code>
                ))}
              </span>
            </Fact>
          )}
          {agent.models === undefined && agent.model !== undefined && (
            <Fact name="Model">
              <Code>{agent.model}</Code>
            </Fact>
          )}
          {agent.max_parallel !== undefined && (
            <Fact name="At once">{agent.max_parallel} on each station</Fact>
          )}
          {agent.timeout_ms !== undefined && <Fact name="Stops after">{duration(agent.timeout_ms)}</Fact>}
          <Fact name="Definition">
            <Id id={agent.digest} />
          </Fact>
        </dl>
      </div>
      <AgentRecord agent={agent.name} callsModels={agent.runner !== 'command'} />
      {group.replicas.some((each) => each.is_self) && <DefinitionParts agent={agent} />}
      <section aria-label="Where it runs">
        <RegionHead title="Where it runs" meta={group.replicas.length} />
        <ul>
          {group.replicas.map((each) => (
            <li
              key={each.station_id}
              className="flex h-40 items-center gap-8 border-b border-hairline pr-16 pl-20"
            >
              <Glyph status={each.station_status} size={13} label={STATUSES[each.station_status].word} />
              <span className="truncate text-body font-medium text-1">{each.station_name}</span>
              {isDisplaced(each) && (
                <ToneBadge tone="late" icon={GitCompareArrows}>
                  Conflict
                </ToneBadge>
              )}
              <span className="truncate text-small text-3">
                {each.is_self ? 'This machine, since ' : 'Since '}
                <Time at={each.registered_at} as="moment" />
              </span>
              <span className="figures ml-auto shrink-0 text-small text-2">
                <Busy station={stations.get(each.station_id)} />
              </span>
              <Button
                size="small"
                icon={Play}
                aria-label={`Run ${each.name} on ${each.station_name}`}
                onClick={() => onRun(each.station_id)}
              >
                Run
              </Button>
            </li>
          ))}
        </ul>
      </section>
      {schema !== undefined && (
        <section aria-label="Input schema" className="flex flex-col">
          <RegionHead title="Input schema">
            <CopyButton text={schema} label="Copy the schema" size={24} />
          </RegionHead>
          <pre className="takeable overflow-x-auto bg-inset px-20 py-10 font-mono text-mono text-2">
            {schema}
          </pre>
        </section>
      )}
    </Sheet>
  );
}

function Busy({ station }: { station: StationView | undefined }): ReactNode {
  if (station === undefined || station.status === 'offline') return null;
  return `${station.load.running} of ${station.load.capacity} busy`;
}
