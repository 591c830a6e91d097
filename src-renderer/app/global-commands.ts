import { useNavigate, useRouter } from '@tanstack/react-router';
import {
  ArrowLeft,
  ArrowRight,
  CircleHelp,
  FolderOpen,
  LogOut,
  Moon,
  PanelLeft,
  Search,
  Sun,
  SunMoon,
} from 'lucide-react';
import { useMemo } from 'react';
import { useNode } from '../data/live.ts';
import { useAction } from '../data/queries.ts';
import { useViewState } from '../data/view-state.ts';
import { toastError } from '../ui/toast.tsx';
import { type Command, useCommands } from './commands.ts';
import { focusRegion, reach } from './keyboard.ts';
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
          shortcut: place.shortcut,
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
    id: 'palette.open',
    title: 'Find or run',
    group: 'Window',
    icon: Search,
    shortcut: 'Mod+K',
    run: () => useViewState.setState({ layer: 'palette' }),
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
  const mode = useNode()?.mode;
  const { mutate: leave } = useAction('node.leave');
  const { mutate: reveal } = useAction('app.reveal');
  return useMemo(
    (): readonly Command[] => [
      {
        id: 'node.leave',
        title: 'Leave this lattice',
        group: 'Hub',
        icon: LogOut,
        disabledReason: mode === 'idle' ? 'This machine is on no lattice.' : undefined,
        run: () =>
          leave(undefined, { onError: (error) => toastError('This machine is still on the lattice', error) }),
      },
      {
        id: 'node.join',
        title: 'Join a lattice',
        group: 'Hub',
        hidden: true,
        disabledReason: mode === 'idle' ? undefined : 'Leave this lattice first.',
        run: (link) => void navigate({ to: '/welcome', search: link === undefined ? {} : { link } }),
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
    [mode, leave, reveal, navigate],
  );
}

/** The commands that work in every view. */
export function useGlobalCommands(): void {
  useCommands(useGoCommands());
  useCommands(windowCommands);
  useCommands(useThemeCommands());
  useCommands(useNodeCommands());
  useWorkCommands();
}
