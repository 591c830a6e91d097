/** What menu, tray, links and second starts ask the window to do, through `commands.watch`. */
export type ShellCommand =
  /** Work runs and the person wants to quit; the argument is how many runs. Answer with `app.quit`. */
  | 'app.quit-asked'
  | 'app.palette'
  | 'app.shortcuts'
  /** The argument is a `lattice://` link; nothing was checked but its form. */
  | 'lattice.open-link'
  | 'lattice.host'
  /** The argument, when there is one, is the URL to join. */
  | 'lattice.join'
  | 'hub.start'
  | 'hub.stop'
  | 'go.overview'
  | 'go.stations'
  | 'go.agents'
  | 'go.events'
  | 'go.hub'
  | 'go.settings';
