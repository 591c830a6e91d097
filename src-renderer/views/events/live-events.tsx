import { Filter, Pause, ScrollText, UserPlus, X } from 'lucide-react';
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import type { MeshEvent } from '../../../src-shared/views/mesh.ts';
import { type Command, runCommand, useCommands } from '../../app/commands.ts';
import { useCompact } from '../../app/use-compact.ts';
import { listOf, useLive, useNode } from '../../data/live.ts';
import { Button } from '../../ui/button.tsx';
import { Toolbar } from '../../ui/page.tsx';
import { useRowHeights } from '../../ui/row-heights.ts';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { filterEvents } from './event-filter.ts';
import { EventPanel } from './event-panel.tsx';
import { EventRow } from './event-row.tsx';
import { EventsToolbar } from './events-toolbar.tsx';
import { useEventFilter } from './use-event-filter.ts';
import { usePause } from './use-pause.ts';

const keyOf = (event: MeshEvent) => String(event.seq);

function NoEvents(): ReactNode {
  const hosts = useNode()?.mode === 'orchestrator';
  return (
    <Empty
      icon={ScrollText}
      title="No events yet"
      text="What stations say stands here as it happens: that one joins, falls silent or leaves, and which agents it offers."
      actions={
        hosts && (
          <Button variant="main" icon={UserPlus} onClick={() => void runCommand('hub.invite')}>
            Invite a machine
          </Button>
        )
      }
    />
  );
}

/** The row that keys move from, and the event whose detail is open. */
function useOpenEvent(events: readonly MeshEvent[]) {
  const list = useRef<HTMLDivElement>(null);
  const [selected, setSelected] = useState<string | undefined>(undefined);
  // The event itself, so that its detail stays when the log lets it go.
  const [open, setOpen] = useState<MeshEvent | undefined>(undefined);
  const show = useCallback((event: MeshEvent) => {
    setSelected(keyOf(event));
    setOpen(event);
  }, []);
  const close = useCallback(() => {
    setOpen(undefined);
    list.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
  }, []);
  const byKey = (key: string) => events.find((event) => keyOf(event) === key);
  const select = (key: string) => {
    setSelected(key);
    if (open !== undefined) setOpen(byKey(key));
  };
  return { list, selected, select, open, openKey: (key: string) => setOpen(byKey(key)), show, close };
}

function useEventCommands(options: {
  opened: boolean;
  paused: boolean;
  narrows: boolean;
  close(): void;
  pause(): void;
  clear(): void;
}): void {
  const { opened, paused, narrows, close, pause, clear } = options;
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'events.pause',
        title: paused ? 'Resume the events' : 'Pause the events',
        group: 'This view',
        icon: Pause,
        shortcut: 'P',
        run: pause,
      },
      {
        id: 'events.all',
        title: 'Show all events',
        group: 'This view',
        icon: Filter,
        disabledReason: narrows ? undefined : 'All events are shown.',
        run: clear,
      },
      ...(opened
        ? [
            {
              id: 'event.close',
              title: 'Close the event',
              group: 'This view',
              icon: X,
              shortcut: 'Escape',
              run: close,
            } as const,
          ]
        : []),
    ],
    [opened, paused, narrows, close, pause, clear],
  );
  useCommands(commands);
}

function EventList({ lead, events }: { lead: ReactNode; events: readonly MeshEvent[] }): ReactNode {
  const control = useEventFilter();
  const { shown, paused, toggle } = usePause(events);
  const fitting = useMemo(() => filterEvents(shown, control.filter), [shown, control.filter]);
  const { list, selected, select, open, openKey, show, close } = useOpenEvent(fitting);
  const compact = useCompact();
  const { one } = useRowHeights();
  const itemHeight = useCallback(() => one, [one]);
  const newest = shown.at(-1)?.seq ?? 0;
  const missed = paused === undefined ? 0 : events.filter((event) => event.seq > newest).length;
  useEventCommands({
    opened: open !== undefined,
    paused: paused !== undefined,
    narrows: control.narrows,
    close,
    pause: toggle,
    clear: control.clear,
  });
  return (
    <div className="relative flex min-h-0 flex-1">
      <div ref={list} data-region tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
        <EventsToolbar
          lead={lead}
          control={control}
          events={shown}
          fitting={fitting.length}
          paused={paused}
          missed={missed}
          narrow={compact || open !== undefined}
          onPause={toggle}
        />
        {shown.length === 0 && <NoEvents />}
        {shown.length > 0 && fitting.length === 0 && (
          <Empty
            icon={ScrollText}
            title="No event fits"
            text="None of the events that this window knows fits the filters."
            actions={<Button onClick={control.clear}>Show all events</Button>}
          />
        )}
        {fitting.length > 0 && (
          <VirtualList
            label="Events"
            items={fitting}
            itemKey={keyOf}
            itemHeight={itemHeight}
            selected={selected}
            onSelect={select}
            onOpen={openKey}
            render={(event) => <EventRow event={event} onOpen={show} />}
          />
        )}
      </div>
      {open !== undefined && <EventPanel key={open.seq} event={open} onClose={close} />}
    </div>
  );
}

/** What presence says as it happens, newest first; `lead` stands at the left of the toolbar. */
export function LiveEvents({ lead }: { lead: ReactNode }): ReactNode {
  const { items, state, error } = useLive('events.watch');
  if (state === 'loading') return <Loading label="Loading events" />;
  if (state === 'error')
    return (
      <>
        <Toolbar>{lead}</Toolbar>
        <Failure
          icon={ScrollText}
          title="The events cannot be shown"
          {...(error === undefined ? {} : { error })}
        />
      </>
    );
  return <EventList lead={lead} events={listOf(items)} />;
}
