import { FolderOpen, Play, RadioTower, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import type { HubView as Hub } from '../../../src-shared/views/node.ts';
import { runCommand } from '../../app/commands.ts';
import { Button } from '../../ui/button.tsx';
import { Code } from '../../ui/code.tsx';
import { Empty, Failure } from '../../ui/states.tsx';
import { Time } from '../../ui/time.tsx';

/** The hub while it is stopped or could not run: what is safe, and how it starts. */
export function HubAtRest({ hub }: { hub: Hub }): ReactNode {
  const kept =
    hub.store_dir === undefined ? (
      'Its data is kept.'
    ) : (
      <>
        Its data is kept in <Code className="wrap-anywhere">{hub.store_dir}</Code>.
      </>
    );
  const start = (
    <Button variant="main" icon={Play} onClick={() => void runCommand('hub.start')}>
      Start
    </Button>
  );
  const folder = (
    <Button icon={FolderOpen} onClick={() => void runCommand('hub.log-folder')}>
      Open the hub log
    </Button>
  );
  if (hub.state === 'failed')
    return (
      <Failure
        icon={Unplug}
        title="The hub does not run"
        text={
          <>
            {hub.error?.message ?? 'It ended and could not be started again.'} {hub.error?.hint} {kept}
          </>
        }
        actions={
          <>
            {start}
            {folder}
          </>
        }
      />
    );
  return (
    <Empty
      icon={RadioTower}
      title="The hub is stopped"
      text={
        <>
          Stopped <Time at={hub.since} />. Stations cannot reach each other until it starts. {kept}
        </>
      }
      actions={
        <>
          {start}
          {folder}
        </>
      }
    />
  );
}
