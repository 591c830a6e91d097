import { type ReactNode, useState } from 'react';
import type { CallInput } from '../../../src-shared/ipc.ts';
import { type Role, roleSchema, roleWords } from '../../../src-shared/protocol/roles.ts';
import type { DeviceView } from '../../../src-shared/views/device.ts';
import { useManageAccess } from '../../data/managed-lattice.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';

/** What is to change about a device. */
export interface DeviceChange {
  kind: 'rename' | 'role' | 'revoke';
  device: DeviceView;
}

const ROLES = roleSchema.options.map((value) => ({ value, label: roleWords[value].title }));

const WORDS: Readonly<Record<DeviceChange['kind'], { verb: string; busy: string; text: string }>> = {
  rename: { verb: 'Rename', busy: 'Renaming', text: 'Only here; the device keeps the name of its station.' },
  role: { verb: 'Change the role', busy: 'Changing', text: 'It counts at once, also while it is connected.' },
  revoke: {
    verb: 'Take access back',
    busy: 'Taking back',
    text: 'It is out within a second, and what it runs goes back to the queue. It needs a new link to return.',
  },
};

/** The question before a change of a device. */
export function DeviceDialog({ change, onClose }: { change: DeviceChange; onClose(): void }): ReactNode {
  const { kind, device } = change;
  const [name, setName] = useState(device.name);
  const [role, setRole] = useState(device.role);
  const { mutate, isPending, error } = useManageAccess();
  const requests: Readonly<Record<DeviceChange['kind'], CallInput<'devices.manage'>>> = {
    rename: { op: 'rename', device: device.id, name: name.trim() },
    role: { op: 'role', device: device.id, role },
    revoke: { op: 'revoke', device: device.id },
  };
  const { verb, busy, text } = WORDS[kind];
  return (
    <Dialog
      open
      onClose={onClose}
      title={kind === 'revoke' ? `Take the access of ${device.name} back?` : `${verb}: ${device.name}`}
      text={text}
      safe={<Button onClick={onClose}>{kind === 'revoke' ? 'Keep access' : 'Cancel'}</Button>}
      actions={
        <Button
          variant={kind === 'revoke' ? 'destroy' : 'main'}
          busy={isPending}
          busyLabel={busy}
          disabledReason={kind === 'rename' && name.trim() === '' ? 'Give it a name.' : undefined}
          onClick={() => mutate(requests[kind], { onSuccess: onClose })}
        >
          {verb}
        </Button>
      }
    >
      {kind === 'rename' && (
        <Field label="Name">
          <Input value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
        </Field>
      )}
      {kind === 'role' && (
        <Field label="Role" hint={roleWords[role].may}>
          <Select<Role> label="Role" size="form" value={role} onChange={setRole} options={ROLES} />
        </Field>
      )}
      {error !== null && (
        <p role="alert" className="text-small text-fail">
          {error.message} {error.hint}
        </p>
      )}
    </Dialog>
  );
}
