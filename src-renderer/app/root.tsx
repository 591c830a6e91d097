import { Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { Unplug } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import type { Mode, NodeView } from '../../src-shared/views/node.ts';
import { useLive, useNode } from '../data/live.ts';
import { followLoads } from '../data/loads.ts';
import { Failure, Loading } from '../ui/states.tsx';
import { ApprovalDialog } from '../views/approvals/approval-dialog.tsx';
import { useAppearance } from './appearance.ts';
import { AskingDevices } from './asking-devices.tsx';
import { DiagnosticsDialog } from './diagnostics-dialog.tsx';
import { EndingDialog } from './ending-dialog.tsx';
import { useGlobalCommands } from './global-commands.ts';
import { InviteDialog } from './invite-dialog.tsx';
import { useKeyboard } from './keyboard.ts';
import { useCommandsFromMain } from './main-commands.ts';
import { Palette } from './palette.tsx';
import { QuitDialog } from './quit-dialog.tsx';
import { Shell } from './shell.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { WelcomeFrame } from './welcome-frame.tsx';

/** Where a person belongs instead: at Welcome while this machine is on no lattice, and away from it once it is. */
function otherPlace(mode: Mode, path: string): '/welcome' | '/overview' | undefined {
  if (mode === 'idle') return path === '/welcome' || path === '/settings' ? undefined : '/welcome';
  return path === '/welcome' || path === '/' ? '/overview' : undefined;
}

function usePlaceForMode(mode: Mode | undefined, path: string): void {
  const navigate = useNavigate();
  useEffect(() => {
    const to = mode === undefined ? undefined : otherPlace(mode, path);
    if (to !== undefined) void navigate({ to, replace: true });
  }, [mode, path, navigate]);
}

/** The window: frame, layers, keyboard and commands around the view of the place. */
export function Root(): ReactNode {
  const { error } = useLive('node.watch');
  const node = useNode();
  const path = useLocation({ select: (location) => location.pathname });
  useAppearance();
  useKeyboard();
  useGlobalCommands();
  useCommandsFromMain(node !== undefined);
  usePlaceForMode(node?.mode, path);
  useEffect(followLoads, []);

  return (
    <>
      <Frame node={node} path={path} error={error?.message} />
      <Palette />
      <ShortcutSheet />
      <InviteDialog />
      <ApprovalDialog />
      <AskingDevices />
      <EndingDialog />
      <DiagnosticsDialog />
      <QuitDialog />
    </>
  );
}

function Frame(props: { node: NodeView | undefined; path: string; error: string | undefined }): ReactNode {
  if (props.node === undefined || otherPlace(props.node.mode, props.path) !== undefined)
    return (
      <div className="flex h-full flex-col pt-52">
        {props.error === undefined ? (
          <Loading label="Starting" />
        ) : (
          <Failure icon={Unplug} title="The window has no connection to its program" text={props.error} />
        )}
      </div>
    );
  const Around = props.path === '/welcome' ? WelcomeFrame : Shell;
  return (
    <Around>
      <Outlet />
    </Around>
  );
}
