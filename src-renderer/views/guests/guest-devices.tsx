import { type ReactNode, useState } from 'react';
import { roleWords } from '../../../src-shared/protocol/roles.ts';
import type { DeviceView } from '../../../src-shared/views/device.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { Time } from '../../ui/time.tsx';
import { type DeviceChange, DeviceDialog } from '../devices/device-dialog.tsx';
import { DeviceMenu } from '../devices/device-menu.tsx';
import { deviceState } from '../devices/device-rows.ts';

/** The devices of a guest lattice, each with what can be done with it. */
export function GuestDevices({ devices }: { devices: readonly DeviceView[] }): ReactNode {
  const [change, setChange] = useState<DeviceChange | undefined>(undefined);
  if (devices.length === 0)
    return (
      <p className="px-16 py-12 text-body text-2">
        No device is on it yet. Invite one, and it shows up here with what it may do.
      </p>
    );
  return (
    <>
      <ul aria-label="Devices" className="py-4">
        {devices.map((device) => (
          <Device key={device.id} device={device} onChange={setChange} />
        ))}
      </ul>
      {change !== undefined && <DeviceDialog change={change} onClose={() => setChange(undefined)} />}
    </>
  );
}

function Device(props: { device: DeviceView; onChange(change: DeviceChange): void }): ReactNode {
  const { device, onChange } = props;
  const { status, word } = deviceState(device);
  const away = !device.connected && device.revoked_at === undefined && device.last_seen !== undefined;
  return (
    <li className="flex min-h-32 items-center gap-8 px-16 text-body text-2">
      <Glyph status={status} size={14} label={word} />
      <span className="min-w-0 truncate font-medium text-1" title={device.name}>
        {device.name}
      </span>
      <span className="shrink-0 text-small text-3">{roleWords[device.role].title}</span>
      <span className="ml-auto shrink-0 text-small text-3">
        {away && device.last_seen !== undefined ? (
          <>
            Seen <Time at={device.last_seen} as="moment" />
          </>
        ) : (
          word
        )}
      </span>
      <DeviceMenu device={device} locked={undefined} onChange={onChange} />
    </li>
  );
}
