import { useNavigate } from '@tanstack/react-router';
import { CircleAlert, KeyRound, UserPlus, X } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { LatticeError } from '../../../src-shared/errors.ts';
import type { CallOutput } from '../../../src-shared/ipc.ts';
import { type Command, runCommand, useCommands } from '../../app/commands.ts';
import { useCompact } from '../../app/use-compact.ts';
import { useNode } from '../../data/live.ts';
import { useOwnAccess } from '../../data/own-access.ts';
import { useAnswer } from '../../data/queries.ts';
import { useRemembered } from '../../data/view-state.ts';
import { Button } from '../../ui/button.tsx';
import { plural } from '../../ui/format.ts';
import { FilterField } from '../../ui/input.tsx';
import { Page, Toolbar } from '../../ui/page.tsx';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { deviceColumns } from './device-columns.tsx';
import { type DeviceChange, DeviceDialog } from './device-dialog.tsx';
import { DeviceMenu } from './device-menu.tsx';
import { DevicePanel } from './device-panel.tsx';
import { byAccess, filterDevices } from './device-rows.ts';
import { WaitingDevices } from './waiting-devices.tsx';

const LOOK_MS = 3_000;

/** Why this machine cannot change who has access, when it cannot. */
function useLocked(): string | undefined {
  const node = useNode();
  const { data } = useOwnAccess();
  const role = data?.access?.role_now ?? node?.role;
  if (node?.mode === 'orchestrator' || role === 'admin') return undefined;
  return 'Only the host and admins change who has access.';
}

/** Who may be on the lattice: for the machine that hosts it, for admins, and to look at for auditors. */
export function DevicesView(): ReactNode {
  const answer = useAnswer('devices.list');
  const locked = useLocked();
  const { refetch, error, data } = answer;
  const isOpen = error === null;
  useEffect(() => {
    if (!isOpen) return;
    const timer = setInterval(() => void refetch(), LOOK_MS);
    return () => clearInterval(timer);
  }, [isOpen, refetch]);
  const count = data?.devices.filter((device) => device.revoked_at === undefined).length;
  return (
    <Page
      title="Devices"
      meta={
        count === undefined || !isOpen
          ? undefined
          : plural(count, 'device with access', 'devices with access')
      }
      actions={
        isOpen && (
          <Button
            icon={UserPlus}
            variant="main"
            disabledReason={locked}
            onClick={() => void runCommand('hub.invite')}
          >
            Invite a machine
          </Button>
        )
      }
    >
      {isOpen && data !== undefined && <Devices access={data} locked={locked} />}
      {isOpen && data === undefined && <Loading label="Loading devices" />}
      {!isOpen && <NotShown error={error} onTry={() => void refetch()} />}
    </Page>
  );
}

/** Why the devices are not shown here: because of what this machine may see, or because something went wrong. */
function NotShown({ error, onTry }: { error: LatticeError; onTry(): void }): ReactNode {
  const navigate = useNavigate();
  const again = <Button onClick={onTry}>Try again</Button>;
  if (error.code !== 'auth_failed' && error.code !== 'unsupported')
    return <Failure icon={CircleAlert} title="Who has access cannot be read" error={error} actions={again} />;
  return (
    <Empty
      icon={KeyRound}
      title="This machine does not see who has access"
      text={
        <>
          {error.message} {error.hint}
        </>
      }
      actions={
        <>
          {again}
          <Button variant="main" onClick={() => void navigate({ to: '/settings' })}>
            Show the access of this device
          </Button>
        </>
      }
    />
  );
}

function Devices(props: { access: CallOutput<'devices.list'>; locked: string | undefined }): ReactNode {
  const { locked, access } = props;
  const { devices, invitations } = access;
  const [text, setText] = useRemembered('devices.filter', '');
  const [selected, setSelected] = useState<string | undefined>(undefined);
  const [open, setOpen] = useState<string | undefined>(undefined);
  const [change, setChange] = useState<DeviceChange | undefined>(undefined);
  const list = useRef<HTMLDivElement>(null);
  const compact = useCompact();
  const self = useNode()?.station_id;
  const device = devices.find(({ id }) => id === open);
  const set = compact ? 'compact' : device === undefined ? 'all' : 'beside';
  const show = (id: string) => {
    setSelected(id);
    setOpen(id);
  };
  const columns = useMemo(
    () =>
      deviceColumns({
        set,
        self,
        locked,
        onChange: setChange,
        onOpen: (id) => {
          setSelected(id);
          setOpen(id);
        },
      }),
    [set, self, locked],
  );
  const shown = useMemo(() => filterDevices(devices, text).toSorted(byAccess), [devices, text]);
  const close = useMemo(
    () => () => {
      setOpen(undefined);
      list.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
    },
    [],
  );
  useCloseCommand(device !== undefined, close);
  return (
    <>
      <WaitingDevices invitations={invitations} locked={locked} />
      {devices.length === 0 ? (
        <Empty
          icon={KeyRound}
          title="No device has been let in yet"
          text="Make a link, send it to a teammate, and the device shows up here with what it may do."
          actions={<Button onClick={() => void runCommand('hub.invite')}>Invite a machine</Button>}
        />
      ) : (
        <div className="relative flex min-h-0 flex-1">
          <div ref={list} data-region tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
            <Toolbar>
              <FilterField label="Filter devices" value={text} onChange={setText} />
              {text.trim() !== '' && (
                <span role="status" className="figures text-small text-3">
                  {shown.length} of {devices.length}
                </span>
              )}
            </Toolbar>
            {shown.length === 0 ? (
              <Empty
                icon={KeyRound}
                title="No device fits"
                text="The filter looks at name, role, state, address, version, key and agents."
                actions={<Button onClick={() => setText('')}>Clear the filter</Button>}
              />
            ) : (
              <Table
                label="Devices"
                columns={columns}
                rows={shown}
                rowKey={(row) => row.id}
                selected={selected}
                onSelect={open === undefined ? setSelected : show}
                onOpen={show}
                className="flex-1 text-2"
              />
            )}
          </div>
          {device !== undefined && (
            <DevicePanel
              key={device.id}
              device={device}
              actions={<DeviceMenu device={device} locked={locked} onChange={setChange} />}
              onClose={close}
            />
          )}
        </div>
      )}
      {change !== undefined && <DeviceDialog change={change} onClose={() => setChange(undefined)} />}
    </>
  );
}

function useCloseCommand(isOpen: boolean, close: () => void): void {
  const commands = useMemo<readonly Command[]>(
    () =>
      isOpen
        ? [
            {
              id: 'device.close',
              title: 'Close the device',
              group: 'This view',
              icon: X,
              shortcut: 'Escape',
              run: close,
            },
          ]
        : [],
    [isOpen, close],
  );
  useCommands(commands);
}
