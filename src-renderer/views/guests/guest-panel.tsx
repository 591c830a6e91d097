import { Gauge, UserPlus } from 'lucide-react';
import type { ReactNode } from 'react';
import { GUEST_LIMIT_KEYS, GUEST_LIMITS, limitWords } from '../../../src-shared/guest-limits.ts';
import type { GuestView } from '../../../src-shared/views/guest.ts';
import { ManagedGuest } from '../../data/managed-lattice.ts';
import { Button } from '../../ui/button.tsx';
import { Code } from '../../ui/code.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Fact, Facts } from '../../ui/facts.tsx';
import { FailureText } from '../../ui/failure-text.tsx';
import { bytes } from '../../ui/format.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { Meter } from '../../ui/meter.tsx';
import { RegionHead } from '../../ui/page.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { Loading } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { WaitingDevices } from '../devices/waiting-devices.tsx';
import { GuestDevices } from './guest-devices.tsx';
import { type GuestChange, GuestMenu } from './guest-menu.tsx';
import { guestState } from './guest-words.ts';
import { useGuestAccess } from './use-guests.ts';

export interface GuestPanelProps {
  lattice: GuestView;
  onChange(change: GuestChange): void;
  onClose(): void;
}

/** Everything about one guest lattice: how it is, what it uses of its limits, and who is on it. */
export function GuestPanel({ lattice, onChange, onClose }: GuestPanelProps): ReactNode {
  const { org, name, error, created_at } = lattice;
  const { status, word } = guestState(lattice);
  return (
    <SidePanel
      label={`Guest lattice ${name}`}
      lead={<Glyph status={status} size={14} label={word} />}
      title={name}
      actions={<GuestMenu lattice={lattice} onChange={onChange} />}
      onClose={onClose}
    >
      <section aria-label="What it is" className="border-b border-hairline">
        <Facts>
          <Fact name="State">
            {word}
            {error !== undefined && (
              <span className="basis-full text-small text-fail">{error} Restart the hub to try again.</span>
            )}
          </Fact>
          <Fact name="Org">
            <Code>{org}</Code>
            <CopyButton text={org} label="Copy the org" />
          </Fact>
          <Fact name="Here since">
            <Time at={created_at} as="moment" />
          </Fact>
        </Facts>
      </section>
      <Limits lattice={lattice} onChange={() => onChange({ kind: 'limit', lattice })} />
      <ManagedGuest value={org}>
        <Access lattice={lattice} onInvite={() => onChange({ kind: 'invite', lattice })} />
      </ManagedGuest>
    </SidePanel>
  );
}

function Limits({ lattice, onChange }: { lattice: GuestView; onChange(): void }): ReactNode {
  const { limits, storage_bytes, connections } = lattice;
  const used: Partial<Record<keyof typeof limits, { value: number; words: string }>> = {
    storage_bytes: { value: storage_bytes, words: bytes(storage_bytes) },
    connections: { value: connections, words: String(connections) },
  };
  return (
    <section aria-label="Limits" className="border-b border-hairline">
      <RegionHead title="Limits">
        <Button size="small" icon={Gauge} onClick={onChange}>
          Change
        </Button>
      </RegionHead>
      <dl className="flex flex-col gap-4 px-16 py-12">
        {GUEST_LIMIT_KEYS.map((key) => {
          const now = used[key];
          const most = limitWords(key, limits[key]);
          const { title } = GUEST_LIMITS[key];
          return (
            <div key={key} className="flex min-h-20 items-center gap-12 text-body">
              <dt className="w-104 shrink-0 text-3">{title}</dt>
              <dd className="figures flex min-w-0 flex-1 items-center gap-12 text-1">
                {now === undefined ? (
                  `At most ${most}`
                ) : (
                  <>
                    <span className="w-136 shrink-0">
                      {now.words} of {most}
                    </span>
                    <Meter label={`${title} used`} value={now.value / limits[key]} className="flex-1" />
                  </>
                )}
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}

function Access({ lattice, onInvite }: { lattice: GuestView; onInvite(): void }): ReactNode {
  const { data, error } = useGuestAccess(lattice.org);
  return (
    <section aria-label="Devices">
      <RegionHead title="Devices" meta={lattice.devices}>
        <Button
          size="small"
          icon={UserPlus}
          disabledReason={lattice.state === 'resting' ? 'It rests while the hub is not shared.' : undefined}
          onClick={onInvite}
        >
          Invite
        </Button>
      </RegionHead>
      {error !== null && (
        <div className="px-16 py-12">
          <FailureText error={error} />
        </div>
      )}
      {error === null && data === undefined && <Loading rows={2} label="Loading the devices" />}
      {data !== undefined && (
        <>
          <WaitingDevices invitations={data.invitations} locked={undefined} inset="panel" />
          <GuestDevices devices={data.devices} />
        </>
      )}
    </section>
  );
}
