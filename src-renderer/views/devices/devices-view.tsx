import { CircleAlert, KeyRound, UserPlus } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import type { CallOutput } from '../../../src-shared/ipc.ts';
import { runCommand } from '../../app/commands.ts';
import { useNode } from '../../data/live.ts';
import { useAnswer } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { plural } from '../../ui/format.ts';
import { FilterField } from '../../ui/input.tsx';
import { Page, Toolbar } from '../../ui/page.tsx';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { deviceColumns } from './device-columns.tsx';
import { type DeviceChange, DeviceDialog } from './device-dialog.tsx';
import { filterDevices } from './device-rows.ts';
import { WaitingDevices } from './waiting-devices.tsx';

const LOOK_MS = 3_000;

/** Who may be on the lattice that this machine hosts. */
export function DevicesView(): ReactNode {
  const hosts = useNode()?.mode === 'orchestrator';
  const answer = useAnswer('devices.list');
  const { refetch } = answer;
  useEffect(() => {
    if (!hosts) return;
    const timer = setInterval(() => void refetch(), LOOK_MS);
    return () => clearInterval(timer);
  }, [hosts, refetch]);
  const count = answer.data?.devices.filter((device) => device.revoked_at === undefined).length;
  return (
    <Page
      title="Devices"
      meta={count === undefined ? undefined : plural(count, 'device with access', 'devices with access')}
      actions={
        <Button icon={UserPlus} variant="main" onClick={() => void runCommand('hub.invite')}>
          Invite a machine
        </Button>
      }
    >
      {answer.data !== undefined && <Devices access={answer.data} />}
      {answer.data === undefined &&
        (answer.error === null ? (
          <Loading label="Loading devices" />
        ) : (
          <Failure
            icon={CircleAlert}
            title="Who has access cannot be read"
            error={answer.error}
            actions={
              <Button variant="main" onClick={() => void refetch()}>
                Try again
              </Button>
            }
          />
        ))}
    </Page>
  );
}

function Devices({ access }: { access: CallOutput<'devices.list'> }): ReactNode {
  const { devices, invitations } = access;
  const [text, setText] = useState('');
  const [selected, setSelected] = useState<string | undefined>(undefined);
  const [change, setChange] = useState<DeviceChange | undefined>(undefined);
  const columns = useMemo(() => deviceColumns(setChange), []);
  const shown = useMemo(() => filterDevices(devices, text), [devices, text]);
  return (
    <>
      <WaitingDevices invitations={invitations} />
      {devices.length === 0 ? (
        <Empty
          icon={KeyRound}
          title="No device has been let in yet"
          text="Make a link, send it to a teammate, and the device shows up here with what it may do."
          actions={<Button onClick={() => void runCommand('hub.invite')}>Invite a machine</Button>}
        />
      ) : (
        <>
          <Toolbar>
            <FilterField label="Filter devices" value={text} onChange={setText} />
          </Toolbar>
          {shown.length === 0 ? (
            <Empty
              icon={KeyRound}
              title="No device fits"
              text={`Nothing holds “${text}”.`}
              actions={<Button onClick={() => setText('')}>Clear the filter</Button>}
            />
          ) : (
            <Table
              label="Devices"
              columns={columns}
              rows={shown}
              rowKey={(device) => device.id}
              selected={selected}
              onSelect={setSelected}
              className="flex-1 text-2"
            />
          )}
        </>
      )}
      {change !== undefined && <DeviceDialog change={change} onClose={() => setChange(undefined)} />}
    </>
  );
}
