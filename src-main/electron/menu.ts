import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { ShellCommand } from '../../src-shared/shell-commands.ts';

export interface MenuOptions {
  run(command: ShellCommand): void;
  quit(): void;
}

/** Sets the menu of the app: the system's own roles, and our commands, which the window runs. */
export function setMenu({ run, quit }: MenuOptions): void {
  // The window handles these keys itself, so that a person's focus decides; the menu only names them.
  const command = (label: string, id: ShellCommand, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => run(id),
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
  });
  const mac = process.platform === 'darwin';
  const quitItem: MenuItemConstructorOptions = { label: 'Quit', accelerator: 'CmdOrCtrl+Q', click: quit };
  const settings = command('Settings', 'go.settings', 'CmdOrCtrl+,');
  const template: MenuItemConstructorOptions[] = [
    {
      label: mac ? app.name : 'File',
      submenu: [
        ...(mac ? ([{ role: 'about' }, { type: 'separator' }] satisfies MenuItemConstructorOptions[]) : []),
        command('Host a lattice', 'node.host'),
        command('Join a lattice', 'node.join'),
        { type: 'separator' },
        command('Give work', 'work.give'),
        { type: 'separator' },
        settings,
        ...(mac
          ? ([
              { type: 'separator' },
              { role: 'hide' },
              { role: 'hideOthers' },
              { role: 'unhide' },
            ] satisfies MenuItemConstructorOptions[])
          : []),
        { type: 'separator' },
        quitItem,
      ],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        command('Command palette', 'palette.open', 'CmdOrCtrl+K'),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomIn', accelerator: 'CmdOrCtrl+=', visible: false },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...(app.isPackaged
          ? []
          : ([{ role: 'reload' }, { role: 'toggleDevTools' }] satisfies MenuItemConstructorOptions[])),
      ],
    },
    {
      label: 'Go',
      submenu: [
        command('Overview', 'go.overview', 'CmdOrCtrl+1'),
        command('Stations', 'go.stations', 'CmdOrCtrl+2'),
        command('Agents', 'go.agents', 'CmdOrCtrl+3'),
        command('Work', 'go.work', 'CmdOrCtrl+5'),
        command('Events', 'go.events', 'CmdOrCtrl+8'),
        command('Hub', 'go.hub', 'CmdOrCtrl+9'),
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        command('Keyboard shortcuts', 'help.shortcuts', 'F1'),
        command('Export diagnostics', 'help.diagnostics'),
      ],
    },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
