import { Popover } from '@base-ui/react/popover';
import { ListFilter, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLivePart, useNode } from '../../../data/live.ts';
import { AddChip, Chip } from '../../../ui/chip.tsx';
import { cx } from '../../../ui/cx.ts';
import { Field } from '../../../ui/field.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { FilterField } from '../../../ui/input.tsx';
import { FLOAT, POP } from '../../../ui/layer.ts';
import { Select } from '../../../ui/select.tsx';
import { NO_FILTER, narrows, RANGES, STATE_CHOICES, type WorkFilter } from './filter.ts';

const ANY = '';
/** Labels that are offered to filter by; the rest is found by text. */
const MANY = 200;

interface FilterProps {
  filter: WorkFilter;
  onChange(filter: WorkFilter): void;
}

function useChoices(): { agents: string[]; stations: string[]; labels: string[] } {
  const agents = useLivePart('agents.watch', (state) =>
    [...new Set([...state.items.values()].map((agent) => agent.name))].sort(),
  );
  const stations = useLivePart('stations.watch', (state) =>
    [...state.items.values()].map((station) => station.name).sort(),
  );
  const labels = useLivePart('works.watch', (state) => {
    const found = new Set<string>();
    for (const work of state.items.values())
      if (found.size < MANY) for (const label of work.labels ?? []) found.add(label);
    return [...found].sort();
  });
  return { agents, stations, labels };
}

function Choice(props: {
  label: string;
  value: string | undefined;
  options: readonly { value: string; label: string }[];
  onChange(value: string | undefined): void;
}): ReactNode {
  return (
    <Field label={props.label} layout="left">
      <Select
        value={props.value ?? ANY}
        onChange={(value) => props.onChange(value === ANY ? undefined : value)}
        options={[{ value: ANY, label: 'Any' }, ...props.options]}
      />
    </Field>
  );
}

function Choices({ filter, onChange }: FilterProps): ReactNode {
  const { agents, stations, labels } = useChoices();
  const plain = (values: readonly string[]) => values.map((value) => ({ value, label: value }));
  return (
    <>
      <Choice
        label="State"
        value={filter.state}
        options={STATE_CHOICES}
        onChange={(value) =>
          onChange({ ...filter, state: STATE_CHOICES.find((choice) => choice.value === value)?.value })
        }
      />
      <Choice
        label="Agent"
        value={filter.agent}
        options={plain(agents)}
        onChange={(agent) => onChange({ ...filter, agent })}
      />
      <Choice
        label="Station"
        value={filter.station}
        options={plain(stations)}
        onChange={(station) => onChange({ ...filter, station })}
      />
      <Choice
        label="Label"
        value={filter.label}
        options={plain(labels)}
        onChange={(label) => onChange({ ...filter, label })}
      />
    </>
  );
}

function Picked({ filter, onChange }: FilterProps): ReactNode {
  const picked = [
    ['state', STATE_CHOICES.find((choice) => choice.value === filter.state)?.label],
    ['agent', filter.agent],
    ['station', filter.station],
    ['label', filter.label],
  ] as const;
  return picked.map(([name, value]) =>
    value === undefined ? null : (
      <Chip
        key={name}
        on
        aria-label={`Remove the filter ${name} ${value}`}
        onClick={() => onChange({ ...filter, [name]: undefined })}
      >
        <span className="max-w-140 truncate">{value}</span>
        <Icon icon={X} size={12} />
      </Chip>
    ),
  );
}

/** Filters of the list: text, whose works, how far back, and more behind *Filter*. */
export function FilterBar({ filter, onChange }: FilterProps): ReactNode {
  const person = useNode()?.person;
  return (
    <Popover.Root>
      <div className="flex flex-col gap-10 px-20 pt-10 pb-10 max-wide:px-12">
        <div className="flex gap-8">
          <FilterField
            label="Filter by agent, station, text"
            value={filter.text}
            onChange={(text) => onChange({ ...filter, text })}
            className="w-auto min-w-0 flex-1"
          />
          <Popover.Trigger
            render={<IconButton icon={ListFilter} label="More filters" variant="outlined" />}
          />
        </div>
        <div className="flex flex-wrap items-center gap-6">
          {person !== undefined && (
            <Chip on onClick={() => onChange({ ...filter, mine: !filter.mine })}>
              {filter.mine ? 'Mine' : 'Everyone’s'}
            </Chip>
          )}
          <Select
            label="How far back"
            size="filter"
            value={filter.range}
            onChange={(range) => onChange({ ...filter, range })}
            options={RANGES}
          />
          <Picked filter={filter} onChange={onChange} />
          <Popover.Trigger render={<AddChip className="max-wide:hidden">Filter</AddChip>} />
          {narrows(filter) && (
            <button
              type="button"
              className="rounded-hint px-4 text-small text-3 hover:text-1"
              onClick={() => onChange({ ...NO_FILTER, range: filter.range })}
            >
              Clear
            </button>
          )}
        </div>
      </div>
      <Popover.Portal>
        <Popover.Positioner align="start" sideOffset={4} collisionPadding={8} className="z-50">
          <Popover.Popup className={cx(FLOAT, POP, 'flex w-360 flex-col gap-8 rounded-card p-16')}>
            <Popover.Title className="sr-only">Filter the works</Popover.Title>
            <Choices filter={filter} onChange={onChange} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
