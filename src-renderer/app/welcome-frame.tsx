import { CircleHelp, Laptop } from 'lucide-react';
import type { ReactNode } from 'react';
import { useNode } from '../data/live.ts';
import { useAnswer } from '../data/queries.ts';
import { Icon } from '../ui/icon.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { runCommand } from './commands.ts';
import { StatusFrame, StatusSegment } from './status-segment.tsx';

/** The frame of Welcome: no rail, and a status bar that says this machine is on no lattice. */
export function WelcomeFrame({ children }: { children: ReactNode }): ReactNode {
  const node = useNode();
  const version = useAnswer('app.info').data?.version;
  return (
    <div className="grid h-full grid-rows-[minmax(0,1fr)_28px]">
      <main data-region tabIndex={-1} className="min-h-0 overflow-y-auto bg-page outline-none">
        {children}
      </main>
      <StatusFrame
        left={
          <>
            <StatusSegment label="Open Settings" onOpen={() => void runCommand('go.settings')}>
              <Icon icon={Laptop} size={13} className="text-3" />
              {node?.station_name}
            </StatusSegment>
            <StatusSegment>
              <span className="text-3">Not connected</span>
            </StatusSegment>
          </>
        }
        right={
          <>
            {version !== undefined && (
              <StatusSegment>
                <span className="text-3">Lattice {version}</span>
              </StatusSegment>
            )}
            <StatusSegment label="Help" onOpen={() => void runCommand('help.shortcuts')}>
              <Icon icon={CircleHelp} size={13} className="text-3" />
              Help
              <KeyHint keys="F1" />
            </StatusSegment>
          </>
        }
      />
    </div>
  );
}
