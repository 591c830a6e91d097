import { UserPlus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { NodeView } from '../../../../src-shared/views/node.ts';
import { runCommand } from '../../../app/commands.ts';
import { joinCommand } from '../../../app/invite-dialog.tsx';
import { Button } from '../../../ui/button.tsx';
import { CommandLine } from '../../../ui/code.tsx';
import type { Box } from './geometry.ts';

/** What a lattice of one machine shows: how a second one joins. */
export function Invitation({ box, node }: { box: Box; node: NodeView }): ReactNode {
  const url = node.hub?.url ?? node.connection.url;
  const hosts = node.mode === 'orchestrator';
  return (
    <section
      aria-label="Add a second machine"
      className="absolute flex flex-col justify-center"
      style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
    >
      <div className="flex flex-col gap-10 rounded-node border border-dashed border-border bg-page p-16">
        <h2 className="text-body font-semibold text-1">
          {hosts ? 'Add a second machine' : 'This machine is alone here'}
        </h2>
        {hosts ? (
          <p className="text-body text-2">
            Invite one on your network, or try it on this machine: run this in another folder, and the station
            appears here within a second.
          </p>
        ) : (
          <p className="text-body text-2">
            The hub is private to this machine. To add others, leave it and host a lattice.
          </p>
        )}
        {hosts && url !== undefined && <CommandLine command={`${joinCommand(url)} --name second`} />}
        {hosts && (
          <div>
            <Button variant="main" icon={UserPlus} onClick={() => void runCommand('hub.invite')}>
              Invite a machine
            </Button>
          </div>
        )}
      </div>
    </section>
  );
}
