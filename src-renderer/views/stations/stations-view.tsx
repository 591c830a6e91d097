import { useNavigate, useParams } from '@tanstack/react-router';
import { Copy, Server, UserPlus, X } from 'lucide-react';
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import type { StationView } from '../../../src-shared/views/mesh.ts';
import type { NodeView } from '../../../src-shared/views/node.ts';
import { type Command, runCommand, useCommands } from '../../app/commands.ts';
import { useCompact } from '../../app/use-compact.ts';
import { listOf, useLive, useNode } from '../../data/live.ts';
import { call } from '../../data/queries.ts';
import { useRemembered } from '../../data/view-state.ts';
import { Button } from '../../ui/button.tsx';
import { FilterField } from '../../ui/input.tsx';
import { Page, Toolbar } from '../../ui/page.tsx';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { toastError } from '../../ui/toast.tsx';
import { NoLattice, OnlyThisMachine } from './no-stations.tsx';
import { stationColumns } from './station-columns.tsx';
import { filterStations } from './station-filter.ts';
import { StationPanel, UnknownStation } from './station-panel.tsx';

/** The station whose detail is open, and the row that keys move from. */
function usePlace() {
  const { stationId: open } = useParams({ strict: false });
  const navigate = useNavigate();
  const list = useRef<HTMLDivElement>(null);
  const [selected, setSelected] = useState(open);
  const show = useCallback(
    (stationId: string) => {
      setSelected(stationId);
      void navigate({ to: '/stations/$stationId', params: { stationId }, replace: open !== undefined });
    },
    [navigate, open],
  );
  const close = useCallback(() => {
    void navigate({ to: '/stations' });
    list.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
  }, [navigate]);
  return {
    open,
    list,
    selected: open ?? selected,
    select: open === undefined ? setSelected : show,
    show,
    close,
  };
}

function useStationCommands(open: string | undefined, close: () => void): void {
  const commands = useMemo<readonly Command[]>(() => {
    if (open === undefined) return [];
    const copy = () =>
      call('app.copy', { text: open }).catch((error: unknown) => toastError('The id was not copied', error));
    return [
      {
        id: 'station.close',
        title: 'Close the station',
        group: 'This view',
        icon: X,
        shortcut: 'Escape',
        run: close,
      },
      { id: 'station.copyId', title: 'Copy the id of the station', group: 'Stations', icon: Copy, run: copy },
    ];
  }, [open, close]);
  useCommands(commands);
}

function StationList({ node, stations }: { node: NodeView; stations: readonly StationView[] }): ReactNode {
  const { open, list, selected, select, show, close } = usePlace();
  const compact = useCompact();
  const [text, setText] = useRemembered('stations.filter', '');
  const shown = useMemo(() => filterStations(stations, text), [stations, text]);
  const set = compact ? 'compact' : open === undefined ? 'all' : 'beside';
  const columns = useMemo(() => stationColumns(set, show), [set, show]);
  const station = stations.find(({ id }) => id === open);
  const alone = stations.length === 1 && stations[0]?.is_self === true;
  useStationCommands(open, close);
  return (
    <div className="relative flex min-h-0 flex-1">
      <div ref={list} data-region tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
        <Toolbar>
          <FilterField label="Filter stations" value={text} onChange={setText} />
          {text.trim() !== '' && (
            <span role="status" className="figures text-small text-3">
              {shown.length} of {stations.length}
            </span>
          )}
        </Toolbar>
        {shown.length === 0 ? (
          <Empty
            icon={Server}
            title="No station fits"
            text="The filter looks at name, state, system, host name, version and id."
            actions={<Button onClick={() => setText('')}>Clear the filter</Button>}
          />
        ) : (
          <Table
            label="Stations"
            columns={columns}
            rows={shown}
            rowKey={(row) => row.id}
            initialSort={{ column: 'name', descending: false }}
            selected={selected}
            onSelect={select}
            onOpen={show}
            className={alone ? 'shrink-0 text-2' : 'flex-1 text-2'}
          />
        )}
        {alone && shown.length > 0 && <OnlyThisMachine node={node} />}
      </div>
      {station !== undefined && <StationPanel key={station.id} station={station} onClose={close} />}
      {open !== undefined && station === undefined && <UnknownStation id={open} onClose={close} />}
    </div>
  );
}

/** Every station of the lattice: state, slots, load; and what is behind each. */
export function StationsView(): ReactNode {
  const node = useNode();
  const { items, state, error } = useLive('stations.watch');
  const known = state === 'live' || state === 'stale';
  return (
    <Page
      title="Stations"
      meta={known && items.size > 0 ? <span className="figures">{items.size}</span> : undefined}
      actions={
        node?.mode === 'orchestrator' && (
          <Button icon={UserPlus} onClick={() => void runCommand('hub.invite')}>
            Invite a machine
          </Button>
        )
      }
    >
      {state === 'loading' && <Loading label="Loading stations" />}
      {state === 'error' && (
        <Failure
          icon={Server}
          title="The stations cannot be shown"
          {...(error === undefined ? {} : { error })}
        />
      )}
      {known && node?.mode === 'idle' && <NoLattice />}
      {known && node !== undefined && node.mode !== 'idle' && (
        <StationList node={node} stations={listOf(items)} />
      )}
    </Page>
  );
}
