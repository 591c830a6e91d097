import { Link as LinkIcon, LogOut, RadioTower, Server, UserPlus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { NodeView } from '../../../src-shared/views/node.ts';
import { runCommand } from '../../app/commands.ts';
import { joinCommand } from '../../app/invite-dialog.tsx';
import { Button } from '../../ui/button.tsx';
import { CommandLine } from '../../ui/code.tsx';
import { Empty } from '../../ui/states.tsx';

/** Where to go while this machine is on no lattice. */
export function NoLattice(): ReactNode {
  return (
    <Empty
      icon={Server}
      title="This machine is on no lattice"
      text="Host one here, or join the lattice of a teammate. Its stations are listed here then."
      actions={
        <>
          <Button variant="main" icon={RadioTower} onClick={() => void runCommand('node.host')}>
            Host a lattice
          </Button>
          <Button icon={LinkIcon} onClick={() => void runCommand('node.join')}>
            Join a lattice
          </Button>
        </>
      }
    />
  );
}

/** How a second machine joins; stands below the list while this machine is alone in it. */
export function OnlyThisMachine({ node }: { node: NodeView }): ReactNode {
  const url = node.hub?.url ?? node.connection.url;
  if (node.mode === 'standalone')
    return (
      <Empty
        icon={Server}
        title="Only this machine is here"
        text="The hub is private to this machine. To add others, leave it and host a lattice."
        actions={
          <Button variant="main" icon={LogOut} onClick={() => void runCommand('node.leave')}>
            Leave this lattice
          </Button>
        }
      />
    );
  return (
    <Empty
      icon={Server}
      title="Only this machine is here"
      text={
        <div className="flex flex-col gap-12">
          <p>
            {node.mode === 'orchestrator'
              ? 'Invite a machine on your network, or try it here: run this in another folder, and the station appears within a second.'
              : 'Run this on another machine that reaches the hub, with the key that you joined with.'}
          </p>
          {url !== undefined && (
            <div className="text-left">
              <CommandLine command={`${joinCommand(url)} --name second`} />
            </div>
          )}
        </div>
      }
      actions={
        node.mode === 'orchestrator' && (
          <Button variant="main" icon={UserPlus} onClick={() => void runCommand('hub.invite')}>
            Invite a machine
          </Button>
        )
      }
    />
  );
}
