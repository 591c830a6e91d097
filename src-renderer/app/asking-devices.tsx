import { type ReactNode, useMemo, useState } from 'react';
import { listOf, useLive } from '../data/live.ts';
import { WaitingDialog } from '../views/devices/waiting-dialog.tsx';
import { type Command, useCommands } from './commands.ts';

/** Asks whether the devices that wait at the hub here may come in, one after the other; later is an answer too. */
export function AskingDevices(): ReactNode {
  const waiting = listOf(useLive('devices.waiting').items);
  const [put, setPut] = useState<ReadonlySet<string>>(new Set());
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'devices.decide',
        title: 'Decide on devices that wait',
        group: 'Hub',
        disabledReason: waiting.length === 0 ? 'No device waits for a yes.' : undefined,
        run: () => setPut(new Set()),
      },
    ],
    [waiting.length],
  );
  useCommands(commands);
  const next = waiting.find((device) => !put.has(device.id));
  if (next === undefined) return null;
  return (
    <WaitingDialog
      key={next.id}
      device={next}
      onClose={() => setPut((before) => new Set([...before, next.id]))}
    />
  );
}
