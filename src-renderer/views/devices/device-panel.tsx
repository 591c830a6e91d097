import { Link } from '@tanstack/react-router';
import { Bot } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { roleWords } from '../../../src-shared/protocol/roles.ts';
import type { DeviceView } from '../../../src-shared/views/device.ts';
import { listOf, useLive } from '../../data/live.ts';
import { Code } from '../../ui/code.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Fact, Facts } from '../../ui/facts.tsx';
import { plural } from '../../ui/format.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { Icon } from '../../ui/icon.tsx';
import { shortId } from '../../ui/id.tsx';
import { RegionHead } from '../../ui/page.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { Tag } from '../../ui/tag.tsx';
import { Time } from '../../ui/time.tsx';
import { stateOf } from '../work/words.ts';
import { deviceState, workWords } from './device-rows.ts';
import { dollarsOf } from './device-usage.ts';

/** Works that the detail lists before it leads to all of them. */
const LISTED = 8;

/** Everything about one device: what it is, how it came in, what it offers, did and tried. */
export function DevicePanel(props: { device: DeviceView; actions: ReactNode; onClose(): void }): ReactNode {
  const { device } = props;
  const { status, word } = deviceState(device);
  return (
    <SidePanel
      label={`Device ${device.name}`}
      lead={<Glyph status={status} size={14} label={word} />}
      title={device.name}
      tags={<Tag>{roleWords[device.role].title}</Tag>}
      actions={props.actions}
      onClose={props.onClose}
    >
      <Identity device={device} />
      {device.refused !== undefined && <Refused name={device.name} refused={device.refused} />}
      <Agents names={device.agent_names ?? []} total={device.agents} />
      <Works device={device} />
    </SidePanel>
  );
}

function Identity({ device }: { device: DeviceView }): ReactNode {
  const { invited, key_since, revoked_at } = device;
  return (
    <section aria-label="Access" className="border-b border-hairline">
      <Facts>
        <Fact name="May">{roleWords[device.role].may}</Fact>
        <Fact name="Key">
          <Code>{device.fingerprint}</Code>
          <CopyButton text={device.fingerprint} label="Copy the words of the key" />
        </Fact>
        {key_since !== undefined && (
          <Fact name="Key since">
            <Time at={key_since} as="moment" />
          </Fact>
        )}
        <Fact name="Joined">
          <Time at={device.joined_at} as="moment" />
        </Fact>
        {invited !== undefined && (
          <Fact name="Invited">
            <span>
              {invited.by === undefined ? 'With a link of ' : `By ${invited.by}, with a link of `}
              <Time at={invited.at} as="moment" />
            </span>
          </Fact>
        )}
        {revoked_at !== undefined && (
          <Fact name={device.left === true ? 'Left' : 'Taken back'}>
            <Time at={revoked_at} as="moment" />
          </Fact>
        )}
        {device.address !== undefined && (
          <Fact name="Address">
            <Code>{device.address}</Code>
          </Fact>
        )}
        <Fact name="System">
          {device.platform}, Lattice {device.version}
        </Fact>
        <Fact name="Id">
          <span className="font-mono text-mono" title={device.id}>
            {shortId(device.id)}
          </span>
          <CopyButton text={device.id} label="Copy the whole id" />
        </Fact>
      </Facts>
    </section>
  );
}

function Refused(props: { name: string; refused: NonNullable<DeviceView['refused']> }): ReactNode {
  const { count, last, at } = props.refused;
  return (
    <section aria-label="Refused" className="border-b border-hairline">
      <RegionHead title="Refused" meta={count} />
      <p className="px-16 py-12 text-body wrap-anywhere text-2">
        {props.name} tried {count === 1 ? 'once' : plural(count, 'time')} what its role does not allow. The
        last was to <Code>{last}</Code>, <Time at={at} as="moment" />. The hub refused it.
      </p>
    </section>
  );
}

function Agents({ names, total }: { names: readonly string[]; total: number }): ReactNode {
  return (
    <section aria-label="Agents" className="border-b border-hairline">
      <RegionHead title="Agents" meta={total} />
      {names.length === 0 ? (
        <p className="px-16 py-12 text-body text-2">It offers none now.</p>
      ) : (
        <ul className="py-4">
          {names.map((name) => (
            <li key={name} className="flex min-h-28 items-center gap-10 px-16 text-body">
              <Icon icon={Bot} size={14} className="text-3" />
              <Link
                to="/agents/$agentName"
                params={{ agentName: name }}
                className="truncate rounded-hint font-medium text-1 hover:underline"
              >
                {name}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Works({ device }: { device: DeviceView }): ReactNode {
  const all = listOf(useLive('works.watch').items);
  const days = listOf(useLive('usage.watch').items);
  const works = useMemo(
    () =>
      all
        .filter((work) => work.station_id === device.id)
        .sort((a, b) => b.updated_at.localeCompare(a.updated_at))
        .slice(0, LISTED),
    [all, device.id],
  );
  const spent = useMemo(() => dollarsOf(days, device.id), [days, device.id]);
  return (
    <section aria-label="Work">
      <RegionHead title="Work" meta={workWords(device)}>
        {spent !== undefined && <span className="figures text-small text-3">{spent} for models</span>}
      </RegionHead>
      {works.length === 0 ? (
        <p className="px-16 py-12 text-body text-2">No work ran on it yet.</p>
      ) : (
        <ul className="py-4">
          {works.map((work) => {
            const said = stateOf(work);
            return (
              <li key={work.id} className="flex min-h-28 items-center gap-10 px-16 text-body">
                <Glyph status={said.status} size={13} label={said.word} />
                <Link
                  to="/work/$workId"
                  params={{ workId: work.id }}
                  className="min-w-0 flex-1 truncate rounded-hint text-1 hover:underline"
                >
                  {work.task}
                </Link>
                <span className="shrink-0 text-small text-3">
                  <Time at={work.updated_at} as="moment" />
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
