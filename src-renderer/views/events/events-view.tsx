import { CircleAlert, Pause, Play, ScrollText, Search } from 'lucide-react';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { MeshEvent } from '../../../src-shared/views/mesh.ts';
import { type Command, useCommands } from '../../app/commands.ts';
import { useCompact } from '../../app/use-compact.ts';
import { listOf, useLive } from '../../data/live.ts';
import { useRemembered } from '../../data/view-state.ts';
import { Banner, LinkButton } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { clock, plural } from '../../ui/format.ts';
import { FilterField } from '../../ui/input.tsx';
import { Page, Toolbar } from '../../ui/page.tsx';
import { useRowHeights } from '../../ui/row-heights.ts';
import { Select } from '../../ui/select.tsx';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { EVENT_KINDS, matchesEvent, upTo } from './event-facts.ts';
import { EventMark } from './event-mark.tsx';
import { EventSheet } from './event-sheet.tsx';

const GROUPS = [
  { value: '', label: 'Any kind' },
  { value: 'stations', label: 'Stations' },
  { value: 'agents', label: 'Agents' },
  { value: 'connection', label: 'Connection' },
  { value: 'refused', label: 'Refused messages' },
];

const keyOf = (event: MeshEvent) => String(event.seq);

function Row({ event, onOpen }: { event: MeshEvent; onOpen(): void }): ReactNode {
  return (
    <div className="flex h-full items-center gap-12 pr-16 pl-20 text-small">
      <span className="figures w-56 shrink-0 text-3">{clock(event.time, true)}</span>
      <EventMark kind={event.kind} named={false} />
      <button
        type="button"
        tabIndex={-1}
        onClick={onOpen}
        className="w-112 shrink-0 truncate text-left font-medium text-1 after:absolute after:inset-0"
      >
        {EVENT_KINDS[event.kind].word}
      </button>
      <span className="w-120 shrink-0 truncate text-2 max-wide:w-88">{event.station_name}</span>
      <span className="min-w-0 flex-1 truncate text-2">{event.detail}</span>
      <span className="relative shrink-0 text-3">
        <Time at={event.time} />
      </span>
    </div>
  );
}

/** Pausing the list; what came since is counted. */
function usePause(events: readonly MeshEvent[]) {
  const [pausedAt, setPausedAt] = useState<{ seq: number; time: string } | undefined>(undefined);
  const newest = events.at(-1)?.seq ?? 0;
  const toggle = useCallback(
    () =>
      setPausedAt((before) =>
        before === undefined ? { seq: newest, time: new Date().toISOString() } : undefined,
      ),
    [newest],
  );
  const paused = pausedAt !== undefined;
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'events.pause',
        title: paused ? 'Resume the events' : 'Pause the events',
        group: 'This view',
        icon: paused ? Play : Pause,
        shortcut: 'P',
        run: toggle,
      },
    ],
    [paused, toggle],
  );
  useCommands(commands);
  return { pausedAt, toggle };
}

/** What happened on the mesh, newest first, as this machine heard it. */
export function EventsView(): ReactNode {
  const { items, state, error } = useLive('events.watch');
  const stations = useLive('stations.watch').items;
  const compact = useCompact();
  const { one } = useRowHeights();
  const heightOf = useCallback(() => one, [one]);
  const [text, setText] = useRemembered('events.filter', '');
  const [group, setGroup] = useRemembered('events.group', '');
  const [station, setStation] = useRemembered('events.station', '');
  const [selected, setSelected] = useState<string | undefined>(undefined);
  const [open, setOpen] = useState(false);
  const all = listOf(items);
  const { pausedAt, toggle } = usePause(all);
  const shown = useMemo(
    () =>
      upTo(all, pausedAt?.seq)
        .filter((event) => matchesEvent(event, { text, group, station }))
        .reverse(),
    [all, pausedAt, text, group, station],
  );
  const choices = useMemo(() => {
    const names = new Map([...stations.values()].map((each) => [each.id, each.name]));
    for (const { station_id: id, station_name: name } of all)
      if (id !== undefined && !names.has(id)) names.set(id, name ?? id);
    const sorted = [...names].sort(([, a], [, b]) => a.localeCompare(b));
    return [{ value: '', label: 'Any station' }, ...sorted.map(([value, label]) => ({ value, label }))];
  }, [stations, all]);
  const event = selected === undefined ? undefined : items.get(selected);
  const missed = pausedAt === undefined ? 0 : all.filter((each) => each.seq > pausedAt.seq).length;
  const known = state === 'live' || state === 'stale';
  const openRow = (key: string) => {
    setSelected(key);
    setOpen(true);
  };
  return (
    <Page
      title="Events"
      meta={known ? all.length : undefined}
      actions={
        <Button icon={pausedAt === undefined ? Pause : Play} shortcut="P" onClick={toggle}>
          {pausedAt === undefined ? 'Pause' : 'Resume'}
        </Button>
      }
    >
      <div
        className={cx('flex min-h-0 flex-1 flex-col', open && event !== undefined && !compact && 'pr-472')}
      >
        {pausedAt !== undefined && (
          <Banner status="queued" action={<LinkButton onClick={toggle}>Resume</LinkButton>}>
            Paused at {clock(pausedAt.time, true)}.{' '}
            {missed > 0 ? `${plural(missed, 'event')} came since.` : 'Nothing came since.'}
          </Banner>
        )}
        <Toolbar>
          <FilterField label="Filter events" value={text} onChange={setText} />
          <Select label="Kind" size="filter" value={group} onChange={setGroup} options={GROUPS} />
          <Select label="Station" size="filter" value={station} onChange={setStation} options={choices} />
        </Toolbar>
        {state === 'loading' && <Loading label="Loading events" />}
        {state === 'error' && (
          <Failure
            icon={CircleAlert}
            title="The events cannot be shown"
            {...(error === undefined ? {} : { error })}
          />
        )}
        {known && all.length === 0 && (
          <Empty
            icon={ScrollText}
            title="Nothing happened yet"
            text="Stations that come and go, agents that change, and messages that are refused appear here."
          />
        )}
        {all.length > 0 && shown.length === 0 && (
          <Empty
            icon={Search}
            title="No event fits the filter"
            text="Other words, another kind or another station may."
            actions={
              <Button
                variant="main"
                onClick={() => {
                  setText('');
                  setGroup('');
                  setStation('');
                }}
              >
                Clear the filter
              </Button>
            }
          />
        )}
        {shown.length > 0 && (
          <VirtualList
            label="Events"
            items={shown}
            itemKey={keyOf}
            itemHeight={heightOf}
            render={(each) => <Row event={each} onOpen={() => openRow(keyOf(each))} />}
            selected={selected}
            onSelect={setSelected}
            onOpen={openRow}
          />
        )}
      </div>
      {open && event !== undefined && <EventSheet event={event} onClose={() => setOpen(false)} />}
    </Page>
  );
}
