import { useNavigate } from '@tanstack/react-router';
import { Bot, Server } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MeshEvent } from '../../../src-shared/views/mesh.ts';
import { Button } from '../../ui/button.tsx';
import { Code } from '../../ui/code.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { exact } from '../../ui/format.ts';
import { Id } from '../../ui/id.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Time } from '../../ui/time.tsx';
import { EVENT_KINDS } from './event-facts.ts';
import { EventMark } from './event-mark.tsx';

function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <div className="grid grid-cols-[112px_minmax(0,1fr)] items-baseline gap-x-16">
      <dt className="text-body text-3">{name}</dt>
      <dd className="takeable min-w-0 text-body wrap-anywhere text-1">{children}</dd>
    </div>
  );
}

/** One event in full, with ways to what it is about. */
export function EventSheet({ event, onClose }: { event: MeshEvent; onClose(): void }): ReactNode {
  const navigate = useNavigate();
  const { station_id: stationId, agent } = event;
  return (
    <Sheet
      open
      onClose={onClose}
      title={EVENT_KINDS[event.kind].word}
      lead={<EventMark kind={event.kind} named={false} />}
      actions={<CopyButton text={JSON.stringify(event, null, 2)} label="Copy the event as JSON" size={28} />}
    >
      <div className="flex flex-col gap-16 px-20 py-16">
        <p className="takeable text-body wrap-anywhere whitespace-pre-wrap text-1">{event.detail}</p>
        <dl className="flex flex-col gap-8">
          <Fact name="When">
            <Time at={event.time} />
            <br />
            <span className="font-mono text-mono-small text-3">{exact(event.time)}</span>
          </Fact>
          {event.station_name !== undefined && <Fact name="Station">{event.station_name}</Fact>}
          {stationId !== undefined && (
            <Fact name="Station id">
              <Id id={stationId} />
            </Fact>
          )}
          {agent !== undefined && <Fact name="Agent">{agent}</Fact>}
          <Fact name="Kind">
            <Code>{event.kind}</Code>
          </Fact>
          <Fact name="Number">
            <span className="figures">{event.seq}</span>
          </Fact>
        </dl>
        <div className="flex gap-8">
          {stationId !== undefined && (
            <Button
              icon={Server}
              onClick={() => void navigate({ to: '/stations/$stationId', params: { stationId } })}
            >
              Open {event.station_name ?? 'the station'}
            </Button>
          )}
          {agent !== undefined && (
            <Button
              icon={Bot}
              onClick={() => void navigate({ to: '/agents/$agentName', params: { agentName: agent } })}
            >
              Open {agent}
            </Button>
          )}
        </div>
      </div>
    </Sheet>
  );
}
