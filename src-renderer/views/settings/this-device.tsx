import { useNavigate } from '@tanstack/react-router';
import { KeyRound, LogIn, LogOut, RotateCw, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { CallOutput } from '../../../src-shared/ipc.ts';
import { roleWords } from '../../../src-shared/protocol/roles.ts';
import { useLivePart, useNode } from '../../data/live.ts';
import { useOwnAccess } from '../../data/own-access.ts';
import { useAction } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Code } from '../../ui/code.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Time } from '../../ui/time.tsx';
import { AccessDialog, type AccessStep } from './access-dialog.tsx';
import { Section } from './section.tsx';

type Own = NonNullable<CallOutput<'access.own'>['access']>;

function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <div className="grid grid-cols-[112px_minmax(0,1fr)] items-baseline gap-x-16">
      <dt className="text-body text-2">{name}</dt>
      <dd className="takeable flex min-w-0 flex-wrap items-baseline gap-x-10 text-body text-1">{children}</dd>
    </div>
  );
}

/** The access of this machine itself: what it is on the lattice, its key, and the ways out and back. */
export function ThisDevice(): ReactNode {
  const node = useNode();
  const { data, error } = useOwnAccess();
  const [step, setStep] = useState<AccessStep | undefined>(undefined);
  const again = useAction('access.rejoin', ['access.own']);
  if (node === undefined || (data === undefined && error === null)) return null;
  const isMember = node.mode === 'member' && node.role !== undefined;
  const access = node.mode === 'orchestrator' ? undefined : data?.access;
  return (
    <Section title="This device">
      {error !== null && (
        <p role="alert" className="text-small text-fail">
          {error.message} {error.hint}
        </p>
      )}
      {data !== undefined && (
        <dl className="flex flex-col gap-8">
          <Place access={access} isMember={isMember} />
          <Fact name="Key">
            <Code>{data.fingerprint}</Code>
            <CopyButton text={data.fingerprint} label="Copy the words of the key" />
          </Fact>
        </dl>
      )}
      <p className="text-small text-3">
        The key proves this device to a hub; its secret half never leaves the folder of the station.
      </p>
      <div className="flex flex-wrap gap-8 empty:hidden">
        {access !== undefined && (
          <Button
            icon={isMember ? RotateCw : LogIn}
            busy={again.isPending}
            busyLabel="Joining"
            onClick={() => again.mutate(undefined)}
          >
            {isMember ? 'Rejoin' : `Back to ${access.lattice}`}
          </Button>
        )}
        {isMember && (
          <Button icon={KeyRound} onClick={() => setStep('rotate')}>
            Make a new key
          </Button>
        )}
        {isMember && (
          <Button icon={LogOut} variant="danger" onClick={() => setStep('leave')}>
            Give access back
          </Button>
        )}
        {access !== undefined && (
          <Button icon={Trash2} variant="plain" onClick={() => setStep('forget')}>
            Forget this lattice
          </Button>
        )}
      </div>
      {again.error !== null && (
        <p role="alert" className="text-small text-fail">
          {again.error.message} {again.error.hint}
        </p>
      )}
      {step !== undefined && (
        <AccessDialog
          step={step}
          lattice={access?.lattice ?? node.lattice_name}
          onClose={() => setStep(undefined)}
        />
      )}
    </Section>
  );
}

function Place({ access, isMember }: { access: Own | undefined; isMember: boolean }): ReactNode {
  const node = useNode();
  const navigate = useNavigate();
  const host = useLivePart(
    'stations.watch',
    ({ items }) => [...items.values()].find((one) => one.hosts_hub)?.name,
  );
  if (node?.mode === 'orchestrator')
    return (
      <>
        <Fact name="Lattice">{node.lattice_name}</Fact>
        <Fact name="Role">
          It hosts the lattice, so nothing is closed to it.
          <Button size="small" onClick={() => void navigate({ to: '/devices' })}>
            Devices
          </Button>
        </Fact>
      </>
    );
  if (access === undefined) return <Fact name="Lattice">No link let this device into a lattice.</Fact>;
  const { lattice, role, role_now, hosts, hub_fingerprint, joined_at } = access;
  return (
    <>
      <Fact name="Lattice">
        {lattice}
        {!isMember && <span className="text-small text-3">Not on it now</span>}
      </Fact>
      <Fact name="Role">
        {roleWords[role].title}
        <span className="text-small text-3">{roleWords[role].may}</span>
        {role_now !== undefined && (
          <span role="status" className="text-small text-late">
            The host made it {roleWords[role_now].title.toLowerCase()}. Rejoin to use all of it.
          </span>
        )}
      </Fact>
      <Fact name="Host">
        {isMember && host !== undefined && <span>{host}</span>}
        <Code>{hosts.join(', ')}</Code>
      </Fact>
      <Fact name="Hub">
        <Code>{hub_fingerprint}</Code>
      </Fact>
      <Fact name="Joined">
        <Time at={joined_at} as="moment" />
      </Fact>
    </>
  );
}
