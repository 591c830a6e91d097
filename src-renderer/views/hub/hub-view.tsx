import {
  Copy,
  Ellipsis,
  FolderOpen,
  KeyRound,
  Network,
  RadioTower,
  RotateCw,
  Square,
  UserPlus,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { HubView as Hub } from '../../../src-shared/views/node.ts';
import { runCommand } from '../../app/commands.ts';
import { openPalette } from '../../app/open-palette.ts';
import { useCompact } from '../../app/use-compact.ts';
import { useLive, useNode } from '../../data/live.ts';
import { call } from '../../data/queries.ts';
import { useRemembered } from '../../data/view-state.ts';
import { Badge } from '../../ui/badge.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Page, Toolbar } from '../../ui/page.tsx';
import { Segment } from '../../ui/segment.tsx';
import { Empty, Loading } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';
import { ConnectionsTable } from './connections-table.tsx';
import { HubAtRest } from './hub-at-rest.tsx';
import { HubElsewhere } from './hub-elsewhere.tsx';
import { HUB_STATES } from './hub-facts.ts';
import { HubFigures } from './hub-figures.tsx';
import { HubLog } from './hub-log.tsx';
import { HubSummary } from './hub-summary.tsx';
import { StreamsTable } from './streams-table.tsx';
import { useHubControl } from './use-hub-control.ts';

function Actions({ hub }: { hub: Hub }): ReactNode {
  const { url } = hub;
  const { restarting } = useHubControl(hub.state);
  const rests = hub.state === 'stopped' || hub.state === 'failed';
  const moving =
    hub.state === 'running' ? undefined : `The hub is ${HUB_STATES[hub.state].word.toLowerCase()}.`;
  return (
    <>
      {!rests && (
        <>
          <Button
            icon={UserPlus}
            shortcut="S"
            disabledReason={moving}
            onClick={() => void runCommand('hub.share')}
          >
            Share
          </Button>
          <Button icon={KeyRound} onClick={() => void runCommand('go.devices')}>
            Devices
          </Button>
          <Button icon={Network} onClick={() => void runCommand('go.guests')}>
            Guests
          </Button>
          <Button
            icon={RotateCw}
            disabledReason={moving}
            busy={restarting}
            busyLabel="Restarting"
            onClick={() => void runCommand('hub.restart')}
          >
            Restart
          </Button>
          <Button
            variant="danger"
            icon={Square}
            disabledReason={moving}
            onClick={() => void runCommand('hub.stop')}
          >
            Stop
          </Button>
        </>
      )}
      <Menu
        trigger={<IconButton icon={Ellipsis} label="More" variant="outlined" />}
        groups={[
          [
            {
              id: 'copy',
              label: 'Copy the address',
              icon: Copy,
              disabledReason: url === undefined ? 'It has none while it rests.' : undefined,
              run: () => void (url !== undefined && call('app.copy', { text: url })),
            },
            {
              id: 'log',
              label: 'Open the folder of the log',
              icon: FolderOpen,
              run: () => void runCommand('hub.log-folder'),
            },
          ],
        ]}
      />
    </>
  );
}

const TABS = [
  { value: 'connections', label: 'Connections' },
  { value: 'streams', label: 'Streams' },
  { value: 'log', label: 'Log' },
] as const;

function Live({ hub }: { hub: Hub }): ReactNode {
  const { items, state } = useLive('hub.metrics');
  const metrics = items.get('hub');
  const compact = useCompact();
  const [tab, setTab] = useRemembered('hub.tab', 'connections');
  const connections = metrics === undefined ? null : <ConnectionsTable connections={metrics.connections} />;
  const streams = metrics === undefined ? null : <StreamsTable streams={metrics.streams} />;
  const shown = TABS.find((each) => each.value === tab)?.value ?? 'connections';
  return (
    <>
      <HubSummary hub={hub} metrics={metrics} />
      {hub.notices.map((notice) => (
        <Banner key={notice} status="late">
          {notice}
        </Banner>
      ))}
      <HubFigures samples={metrics?.samples ?? []} />
      {metrics === undefined && state === 'loading' && <Loading label="Loading the figures of the hub" />}
      {compact ? (
        <>
          <Toolbar>
            <Segment label="Part of the hub" value={shown} onChange={setTab} options={TABS} />
          </Toolbar>
          <div className="flex min-h-0 flex-1 flex-col *:flex-1">
            {shown === 'connections' && connections}
            {shown === 'streams' && streams}
            {shown === 'log' && <HubLog />}
          </div>
        </>
      ) : (
        <>
          <div className="grid min-h-0 flex-[1_1_300px] grid-cols-[minmax(0,1.32fr)_minmax(0,1fr)] divide-x divide-hairline border-b border-hairline">
            {connections}
            {streams}
          </div>
          <div className="flex min-h-0 flex-[1_1_300px] flex-col">
            <HubLog />
          </div>
        </>
      )}
    </>
  );
}

function OwnHub({ hub }: { hub: Hub }): ReactNode {
  const { status, word } = HUB_STATES[hub.state];
  const rests = hub.state === 'stopped' || hub.state === 'failed';
  return (
    <Page
      title="Hub"
      badge={<Badge status={status} word={word} />}
      meta={<Time at={hub.since} as="exact-age" />}
      actions={<Actions hub={hub} />}
    >
      {rests ? (
        <>
          <div className="flex min-h-0 flex-1 flex-col">
            <HubAtRest hub={hub} />
          </div>
          <div className="flex min-h-0 flex-1 flex-col border-t border-hairline">
            <HubLog />
          </div>
        </>
      ) : (
        <Live hub={hub} />
      )}
    </Page>
  );
}

/** The hub: its server, who is on it, what it stores and what it says. */
export function HubView(): ReactNode {
  const node = useNode();
  if (node === undefined)
    return (
      <Page title="Hub">
        <Loading label="Loading the hub" />
      </Page>
    );
  if (node.hub !== undefined) return <OwnHub hub={node.hub} />;
  if (node.mode === 'member') return <HubElsewhere node={node} />;
  return (
    <Page title="Hub">
      <Empty
        icon={RadioTower}
        title="There is no hub here"
        text="Host a lattice or join one, and its hub is shown here."
        actions={
          <Button variant="main" onClick={() => openPalette('>')}>
            Find a command
          </Button>
        }
      />
    </Page>
  );
}
