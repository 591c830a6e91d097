import { FilterX, Pause, Play } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MeshEvent } from '../../../src-shared/views/mesh.ts';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { clock, count } from '../../ui/format.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { FilterField } from '../../ui/input.tsx';
import { Toolbar } from '../../ui/page.tsx';
import { Select } from '../../ui/select.tsx';
import { stationsIn } from './event-filter.ts';
import { EVENT_GROUPS } from './event-kinds.ts';
import type { EventFilterControl } from './use-event-filter.ts';
import type { Paused } from './use-pause.ts';

/** The value of *All stations*; no id is this, because ids have no spaces. */
const ALL = 'all stations';

export interface EventsToolbarProps {
  /** Stands first, for example a choice of what the view shows. */
  lead: ReactNode;
  control: EventFilterControl;
  /** All events that are known, whether they fit or not. */
  events: readonly MeshEvent[];
  fitting: number;
  paused: Paused<MeshEvent> | undefined;
  /** Events that came since it was paused. */
  missed: number;
  /** Whether there is little room. */
  narrow: boolean;
  onPause(): void;
}

function PauseButton({ paused, narrow, onPause }: EventsToolbarProps): ReactNode {
  const face = { icon: paused === undefined ? Pause : Play, shortcut: 'P', onClick: onPause } as const;
  const word = paused === undefined ? 'Pause' : 'Resume';
  if (narrow) return <IconButton {...face} label={word} variant="outlined" />;
  return <Button {...face}>{word}</Button>;
}

function stationOptions(events: readonly MeshEvent[], chosen: string) {
  const stations = stationsIn(events);
  if (chosen !== '' && !stations.some(({ id }) => id === chosen)) stations.push({ id: chosen, name: chosen });
  return [
    { value: ALL, label: 'All stations' },
    ...stations.map(({ id, name }) => ({ value: id, label: name })),
  ];
}

function countWords({ control, events, fitting, paused, missed }: EventsToolbarProps): string {
  if (paused !== undefined) return `Paused ${clock(paused.at, true)}, ${count(missed)} new`;
  return control.narrows ? `${count(fitting)} of ${count(events.length)}` : '';
}

/** What narrows the list of events, and what holds it still. */
export function EventsToolbar(props: EventsToolbarProps): ReactNode {
  const { lead, control, events, narrow } = props;
  const { filter } = control;
  return (
    <Toolbar>
      {lead}
      <FilterField
        label="Filter events"
        value={filter.text}
        onChange={control.setText}
        className={narrow ? 'min-w-80 flex-1' : ''}
      />
      <fieldset aria-label="Kinds" className="flex min-w-0 gap-6">
        {EVENT_GROUPS.map(({ group, label }) => (
          <Chip key={group} on={filter.groups.has(group)} onClick={() => control.toggle(group)}>
            {label}
          </Chip>
        ))}
      </fieldset>
      <Select
        label="Station"
        size="filter"
        value={filter.station === '' ? ALL : filter.station}
        onChange={(value) => control.setStation(value === ALL ? '' : value)}
        options={stationOptions(events, filter.station)}
      />
      {control.narrows && <IconButton icon={FilterX} label="Clear the filters" onClick={control.clear} />}
      <div className="ml-auto flex min-w-0 items-center gap-8">
        <span role="status" className="figures truncate text-small text-3">
          {countWords(props)}
        </span>
        <PauseButton {...props} />
      </div>
    </Toolbar>
  );
}
