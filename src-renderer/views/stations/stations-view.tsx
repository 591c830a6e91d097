import { useNavigate, useParams } from '@tanstack/react-router';
import { CircleAlert, Search, Server, UserPlus } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { runCommand } from '../../app/commands.ts';
import { useCompact } from '../../app/use-compact.ts';
import { listOf, useLive, useNode } from '../../data/live.ts';
import { useRemembered } from '../../data/view-state.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { FilterField } from '../../ui/input.tsx';
import { Page, Toolbar } from '../../ui/page.tsx';
import { Select } from '../../ui/select.tsx';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { stationColumns } from './station-columns.tsx';
import { matchesStation } from './station-facts.ts';
import { StationSheet } from './station-sheet.tsx';
import { useLoadCourses } from './use-load-courses.ts';

const STATES = [
  { value: '', label: 'Any state' },
  { value: 'online', label: 'Online' },
  { value: 'late', label: 'Late' },
  { value: 'offline', label: 'Offline' },
];

/** The stations of the lattice, and one of them beside the list. */
export function StationsView(): ReactNode {
  const { items, state, error } = useLive('stations.watch');
  const hosts = useNode()?.mode === 'orchestrator';
  const courses = useLoadCourses();
  const navigate = useNavigate();
  const compact = useCompact();
  const { stationId } = useParams({ strict: false });
  const [text, setText] = useRemembered('stations.filter', '');
  const [status, setStatus] = useRemembered('stations.state', '');
  const [selected, setSelected] = useState(stationId);
  useEffect(() => {
    if (stationId !== undefined) setSelected(stationId);
  }, [stationId]);
  const stations = listOf(items);
  const rows = useMemo(
    () => stations.filter((station) => matchesStation(station, { text, status })),
    [stations, text, status],
  );
  const beside = stationId !== undefined && !compact;
  const go = (id: string, replace: boolean) =>
    void navigate({ to: '/stations/$stationId', params: { stationId: id }, replace });
  const room = beside ? 'beside' : compact ? 'compact' : 'wide';
  const columns = stationColumns(room, (id) => go(id, false));
  const clear = () => {
    setText('');
    setStatus('');
  };
  const known = state === 'live' || state === 'stale';
  return (
    <Page
      title="Stations"
      meta={known ? stations.length : undefined}
      actions={
        hosts && (
          <Button variant="main" icon={UserPlus} onClick={() => void runCommand('hub.invite')}>
            Invite a machine
          </Button>
        )
      }
    >
      <div className={cx('flex min-h-0 flex-1 flex-col', beside && 'pr-472')}>
        <Toolbar>
          <FilterField label="Filter stations" value={text} onChange={setText} />
          <Select label="State" size="filter" value={status} onChange={setStatus} options={STATES} />
        </Toolbar>
        {state === 'loading' && <Loading label="Loading stations" />}
        {state === 'error' && (
          <Failure
            icon={CircleAlert}
            title="The stations cannot be shown"
            {...(error === undefined ? {} : { error })}
          />
        )}
        {known && stations.length === 0 && (
          <Empty
            icon={Server}
            title="No stations yet"
            text="This machine appears here as soon as it is on the lattice, and others when they join."
          />
        )}
        {stations.length > 0 && rows.length === 0 && (
          <Empty
            icon={Search}
            title="No station fits the filter"
            text="Other words or another state may."
            actions={
              <Button variant="main" onClick={clear}>
                Clear the filter
              </Button>
            }
          />
        )}
        {rows.length > 0 && (
          <Table
            label="Stations"
            columns={columns}
            rows={rows}
            rowKey={(station) => station.id}
            initialSort={{ column: 'name', descending: false }}
            selected={selected}
            onSelect={(id) => {
              setSelected(id);
              // An open detail follows the selection.
              if (stationId !== undefined) go(id, true);
            }}
            onOpen={(id) => go(id, false)}
            className="flex-1 text-2"
          />
        )}
      </div>
      {stationId !== undefined && state !== 'loading' && (
        <StationSheet
          id={stationId}
          station={items.get(stationId)}
          course={courses.get(stationId) ?? []}
          onClose={() => void navigate({ to: '/stations' })}
        />
      )}
    </Page>
  );
}
