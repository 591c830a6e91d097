import { Check, KeyRound } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { CallOutput } from '../../src-shared/ipc.ts';
import { type Role, roleSchema, roleWords } from '../../src-shared/protocol/roles.ts';
import { useInvite } from '../data/managed-lattice.ts';
import { useAction } from '../data/queries.ts';
import { Button } from '../ui/button.tsx';
import { Code } from '../ui/code.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Field } from '../ui/field.tsx';
import { QrCode } from '../ui/qr-code.tsx';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/switch.tsx';
import { Time } from '../ui/time.tsx';

const ROLES = roleSchema.options.map((value) => ({ value, label: roleWords[value].title }));

const TIMES = [
  { value: '900000', label: '15 minutes' },
  { value: '3600000', label: '1 hour' },
  { value: '86400000', label: '1 day' },
] as const;
type Lifetime = (typeof TIMES)[number]['value'];

/** Makes a link that lets one device in; on a hub here with secrets of its settings, shows its addresses instead. */
export function InviteLink(props: { addresses?: readonly string[]; firstRole?: Role }): ReactNode {
  const { addresses, firstRole = 'station' } = props;
  const [role, setRole] = useState<Role>(firstRole);
  const [lifetime, setLifetime] = useState<Lifetime>('900000');
  const [approve, setApprove] = useState(false);
  const invite = useInvite();
  if (addresses !== undefined && addresses.length === 0)
    return (
      <p className="text-body text-2">
        This machine has no address on a network. Connect it to one, then open this again.
      </p>
    );
  if (invite.data !== undefined) return <Made invitation={invite.data} onAnother={invite.reset} />;
  return (
    <>
      <Field label="Role" hint={roleWords[role].may}>
        <Select<Role> label="Role" size="form" value={role} onChange={setRole} options={ROLES} />
      </Field>
      <Field label="The link can be used for">
        <Select<Lifetime>
          label="The link can be used for"
          size="form"
          value={lifetime}
          onChange={setLifetime}
          options={TIMES}
        />
      </Field>
      <Switch
        label="Ask me before the device is in"
        on={approve}
        onChange={setApprove}
        word="Ask me before the device is in"
      />
      <Button
        className="self-start"
        variant="main"
        busy={invite.isPending}
        busyLabel="Making the link"
        onClick={() => invite.mutate({ role, expires_ms: Number(lifetime), approve })}
      >
        Make a link
      </Button>
      {invite.error !== null && (
        <p role="alert" className="text-small text-fail">
          {invite.error.message} {invite.error.hint}
        </p>
      )}
      {invite.error?.code === 'unsupported' && addresses !== undefined && <Addresses addresses={addresses} />}
    </>
  );
}

function Made(props: { invitation: CallOutput<'devices.invite'>; onAnother(): void }): ReactNode {
  const { link, offer } = props.invitation;
  return (
    <>
      <div className="flex items-stretch gap-12">
        <span className="flex min-w-0 flex-1 items-start gap-8 rounded-control border border-border bg-inset py-8 pr-4 pl-10">
          <Code className="min-w-0 flex-1 break-all">{link}</Code>
          <CopyButton text={link} label="Copy the link" size={28} />
        </span>
        <QrCode
          text={link}
          label={`QR code of the join link for ${offer.lattice}; it holds the same link as the text`}
        />
      </div>
      <p className="text-small text-2">
        It lets one device in as {roleWords[offer.role].title.toLowerCase()}
        {offer.expires !== undefined && (
          <>
            {' '}
            until <Time at={offer.expires} as="moment" />
          </>
        )}
        . The other person sees the same fingerprint: <Code>{offer.fingerprint}</Code>
      </p>
      <p className="text-small text-3">
        Without a screen: <Code>lattice join -</Code> reads the link from its input.
      </p>
      <Button className="self-start" onClick={props.onAnother}>
        Make another link
      </Button>
    </>
  );
}

function Addresses({ addresses }: { addresses: readonly string[] }): ReactNode {
  return (
    <ul aria-label="Addresses" className="flex flex-col gap-8">
      {addresses.map((address) => (
        <Address key={address} address={address} />
      ))}
    </ul>
  );
}

function Address({ address }: { address: string }): ReactNode {
  const copy = useAction('hub.copyJoin');
  return (
    <li className="flex flex-col gap-4">
      <span className="flex min-h-36 items-center gap-8 rounded-control border border-border bg-inset pr-4 pl-10">
        <Code className="min-w-0 flex-1 truncate">{address}</Code>
        <Button
          size="small"
          icon={copy.isSuccess ? Check : KeyRound}
          busy={copy.isPending}
          aria-label={`Copy ${address} with key`}
          onClick={() => copy.mutate({ address })}
        >
          {copy.isSuccess ? 'Copied with key' : 'Copy with key'}
        </Button>
      </span>
      {copy.error !== null && (
        <span role="alert" className="text-small text-fail">
          {copy.error.message} {copy.error.hint}
        </span>
      )}
    </li>
  );
}
