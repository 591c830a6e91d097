import type { ReactNode } from 'react';
import type { StationView } from '../../../src-shared/views/mesh.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { plural } from '../../ui/format.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { STATUSES } from '../../ui/status.ts';

/** Stations that are listed by name. */
const LISTED = 6;

export interface StopDialogProps {
  stations: readonly StationView[];
  onKeep(): void;
  onStop(): void;
}

/** Asks before the hub stops under stations that are on it, and lists them. */
export function StopDialog({ stations, onKeep, onStop }: StopDialogProps): ReactNode {
  const running = stations.reduce((sum, station) => sum + station.load.running, 0);
  const more = stations.length - LISTED;
  return (
    <Dialog
      open
      onClose={onKeep}
      title={`Stop the hub with ${plural(stations.length, 'other station')} on it?`}
      text={
        running > 0
          ? `They cannot reach each other until it starts again, and callers lose the results of ${plural(running, 'run')} there.`
          : 'They cannot reach each other until it starts again. Its data stays, and they come back by themselves.'
      }
      safe={<Button onClick={onKeep}>Keep it running</Button>}
      actions={
        <Button variant="destroy" onClick={onStop}>
          Stop the hub
        </Button>
      }
    >
      <ul
        aria-label="Stations on the hub"
        className="divide-y divide-hairline rounded-card border border-border bg-surface px-12"
      >
        {stations.slice(0, LISTED).map((station) => (
          <li key={station.id} className="flex h-32 items-center gap-8 text-small">
            <Glyph status={station.status} size={13} label={STATUSES[station.status].word} />
            <span className="truncate font-semibold text-1">{station.name}</span>
            <span className="figures ml-auto text-3">
              {station.load.running} of {station.load.capacity} busy
            </span>
          </li>
        ))}
        {more > 0 && <li className="flex h-32 items-center text-small text-3">{more} more</li>}
      </ul>
    </Dialog>
  );
}
