import { useNavigate, useRouter } from '@tanstack/react-router';
import {
  ArrowLeft,
  ArrowRight,
  CircleHelp,
  FolderOpen,
  Link,
  Moon,
  PanelLeft,
  Play,
  RadioTower,
  Search,
  Sun,
  SunMoon,
} from 'lucide-react';
import { useMemo } from 'react';
import type { HubState, Mode } from '../../src-shared/views/node.ts';
import { useNode } from '../data/live.ts';
import { useAction } from '../data/queries.ts';
import { useViewState } from '../data/view-state.ts';
import { toast, toastError } from '../ui/toast.tsx';
import { type Command, runCommand, useCommands } from './commands.ts';
import { focusRegion, reach } from './keyboard.ts';
import { openPalette } from './open-palette.ts';
import { places } from './places.ts';
import { useWorkCommands } from './work-commands.ts';

function useGoCommands(): readonly Command[] {
  const navigate = useNavigate();
  const router = useRouter();
  return useMemo(
    () => [
      ...places.map(
        (place): Command => ({
          id: `go.${place.id}`,
          title: `Go to ${place.title}`,
          group: 'Go to',
          icon: place.icon,
          ...(place.shortcut === undefined ? {} : { shortcut: place.shortcut }),
          run: () => void navigate({ to: place.path }),
        }),
      ),
      {
        id: 'go.back',
        title: 'Go back',
        group: 'Go to',
        icon: ArrowLeft,
        shortcut: 'Alt+ArrowLeft',
        run: () => router.history.back(),
      },
      {
        id: 'go.forward',
        title: 'Go forward',
        group: 'Go to',
        icon: ArrowRight,
        shortcut: 'Alt+ArrowRight',
        run: () => router.history.forward(),
      },
    ],
    [navigate, router],
  );
}

const windowCommands: readonly Command[] = [
  {
    id: 'window.came-back',
    title: 'Say that the window crashed',
    group: 'Window',
    hidden: true,
    run: () =>
      toast({
        status: 'failed',
        title: 'The window crashed and was loaded again',
        text: 'The hub and all runs went on. What you had typed and not saved is lost.',
        action: { label: 'Export diagnostics', run: () => void runCommand('help.diagnostics') },
      }),
  },
  {
    id: 'palette.open',
    title: 'Find or run',
    group: 'Window',
    icon: Search,
    shortcut: 'Mod+K',
    run: () => openPalette(),
  },
  {
    id: 'help.shortcuts',
    title: 'Show all shortcuts',
    group: 'Window',
    icon: CircleHelp,
    shortcut: ['?', 'F1'],
    run: () => useViewState.setState({ layer: 'shortcuts' }),
  },
  {
    id: 'rail.fold',
    title: 'Fold or unfold the rail',
    group: 'Window',
    icon: PanelLeft,
    shortcut: 'Mod+B',
    run: () => useViewState.setState((state) => ({ railFolded: !state.railFolded })),
  },
  {
    id: 'region.next',
    title: 'Next region',
    group: 'Window',
    shortcut: 'F6',
    run: () => focusRegion(1),
  },
  {
    id: 'region.previous',
    title: 'Previous region',
    group: 'Window',
    shortcut: 'Shift+F6',
    run: () => focusRegion(-1),
  },
  {
    id: 'view.filter',
    title: 'Filter',
    group: 'This view',
    shortcut: '/',
    run: () => reach('data-filter-field'),
  },
  {
    id: 'output.search',
    title: 'Search in the output',
    group: 'This view',
    shortcut: 'Mod+F',
    run: () => reach('data-output-search'),
  },
  {
    id: 'output.follow',
    title: 'Follow the output',
    group: 'This view',
    shortcut: 'F',
    run: () => reach('data-output-follow'),
  },
];

function useThemeCommands(): readonly Command[] {
  const { mutate } = useAction('settings.set', ['settings.get']);
  return useMemo(() => {
    const theme = (value: 'light' | 'dark' | 'system', title: string, icon: typeof Sun): Command => ({
      id: `theme.${value}`,
      title,
      group: 'Window',
      icon,
      run: () =>
        mutate({ theme: value }, { onError: (error) => toastError('The theme was not saved', error) }),
    });
    return [
      theme('light', 'Use the light theme', Sun),
      theme('dark', 'Use the dark theme', Moon),
      theme('system', 'Use the theme of the system', SunMoon),
    ];
  }, [mutate]);
}

function useNodeCommands(): readonly Command[] {
  const navigate = useNavigate();
  const node = useNode();
  const mode = node?.mode;
  const hubState = node?.hub?.state;
  const { mutate: host } = useAction('node.host');
  const { mutate: start } = useAction('hub.start');
  const { mutate: reveal } = useAction('app.reveal');
  return useMemo(
    (): readonly Command[] => [
      {
        id: 'node.host',
        title: 'Host a lattice',
        group: 'Hub',
        icon: RadioTower,
        disabledReason: mode === 'idle' ? undefined : 'Leave this lattice first.',
        run: () => host({}, { onError: (error) => toastError('The hub did not start', error) }),
      },
      {
        id: 'node.join',
        title: 'Join a lattice',
        group: 'Hub',
        icon: Link,
        disabledReason: mode === 'idle' ? undefined : 'Leave this lattice first.',
        run: (link) => void navigate({ to: '/welcome', search: { link: link ?? '' } }),
      },
      {
        id: 'hub.start',
        title: 'Start the hub',
        group: 'Hub',
        icon: Play,
        disabledReason: reasonNotToStart(mode, hubState),
        run: () => start(undefined, { onError: (error) => toastError('The hub did not start', error) }),
      },
      {
        id: 'agents.folder',
        title: 'Open the agents folder',
        group: 'Agents',
        icon: FolderOpen,
        run: () =>
          reveal({ target: 'agents' }, { onError: (error) => toastError('The folder did not open', error) }),
      },
    ],
    [mode, hubState, host, start, reveal, navigate],
  );
}

function reasonNotToStart(mode: Mode | undefined, hub: HubState | undefined): string | undefined {
  if (mode === 'member') return 'The hub of this lattice is on another machine.';
  if (mode === 'idle' || mode === undefined) return 'Host a lattice to start a hub.';
  return hub === 'stopped' || hub === 'failed' ? undefined : 'The hub runs already.';
}

/** The commands that work in every view. */
export function useGlobalCommands(): void {
  useCommands(useGoCommands());
  useCommands(windowCommands);
  useCommands(useThemeCommands());
  useCommands(useNodeCommands());
  useWorkCommands();
}
