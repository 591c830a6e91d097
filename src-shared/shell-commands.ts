/** What menu, tray, links and second starts ask the window to do, through `commands.watch`; ids of the window's commands. */
export type ShellCommand =
  /** Work runs and the person wants to quit; the argument is how many runs. The answer is the call `app.quit`. */
  | 'app.quit-asked'
  /** The window crashed and has just been loaded again. */
  | 'window.came-back'
  | 'palette.open'
  | 'help.shortcuts'
  | 'help.diagnostics'
  | 'node.host'
  /** The argument, when there is one, is a URL or a `lattice://` link; nothing was checked but its form. */
  | 'node.join'
  | 'hub.start'
  | 'hub.stop'
  /** Asks again about the devices that wait for a yes. */
  | 'devices.decide'
  | 'go.overview'
  | 'go.stations'
  | 'go.agents'
  | 'go.work'
  | 'work.give'
  /** The argument is the id of a work; without it all work is shown. */
  | 'work.open'
  /** The argument is the id of a run that waits for the owner; without it the first of them is shown. */
  | 'approvals.open'
  | 'go.events'
  | 'go.hub'
  | 'go.settings';
