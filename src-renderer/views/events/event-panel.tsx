import { Link } from '@tanstack/react-router';
import { Copy } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MeshEvent } from '../../../src-shared/views/mesh.ts';
import { useAction } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Fact, Facts } from '../../ui/facts.tsx';
import { exact } from '../../ui/format.ts';
import { shortId } from '../../ui/id.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { Time } from '../../ui/time.tsx';
import { toast, toastError } from '../../ui/toast.tsx';
import { EventGlyph } from './event-glyph.tsx';
import { EVENT_KINDS } from './event-kinds.ts';

const LINK = 'rounded-hint font-medium text-accent-text hover:underline';

function StationFact({ id, name }: { id: string; name: string | undefined }): ReactNode {
  return (
    <>
      <Fact name="Station">
        <Link to="/stations/$stationId" params={{ stationId: id }} className={LINK}>
          {name ?? shortId(id)}
        </Link>
      </Fact>
      <Fact name="Station id">
        <span className="font-mono text-mono" title={id}>
          {shortId(id)}
        </span>
        <CopyButton text={id} label="Copy the whole id" />
      </Fact>
    </>
  );
}

/** All fields of one event, to read and to take along. */
export function EventPanel({ event, onClose }: { event: MeshEvent; onClose(): void }): ReactNode {
  const copy = useAction('app.copy');
  const copyAll = () =>
    copy.mutate(
      { text: JSON.stringify(event, undefined, 2) },
      {
        onSuccess: () => toast({ status: 'completed', title: 'Event copied as JSON' }),
        onError: (error) => toastError('The event was not copied', error),
      },
    );
  return (
    <SidePanel
      label="Event"
      lead={<EventGlyph kind={event.kind} />}
      title={EVENT_KINDS[event.kind].word}
      actions={
        <Button variant="plain" size="small" icon={Copy} onClick={copyAll}>
          Copy as JSON
        </Button>
      }
      onClose={onClose}
    >
      <div className="flex items-start gap-8 border-b border-hairline py-12 pr-8 pl-16">
        <p className="takeable min-w-0 flex-1 text-body wrap-anywhere text-1">{event.detail}</p>
        <CopyButton text={event.detail} label="Copy the text" />
      </div>
      <Facts>
        <Fact name="When">
          <Time at={event.time} />
        </Fact>
        <Fact name="Time">
          <span className="font-mono text-mono">{exact(event.time)}</span>
          <CopyButton text={event.time} label="Copy the time" />
        </Fact>
        <Fact name="Kind">
          <span className="font-mono text-mono">{event.kind}</span>
        </Fact>
        {event.station_id !== undefined && <StationFact id={event.station_id} name={event.station_name} />}
        {event.agent !== undefined && (
          <Fact name="Agent">
            <Link to="/agents/$agentName" params={{ agentName: event.agent }} className={LINK}>
              {event.agent}
            </Link>
          </Fact>
        )}
        <Fact name="Number">
          <span className="figures">{event.seq}</span>
        </Fact>
      </Facts>
    </SidePanel>
  );
}
