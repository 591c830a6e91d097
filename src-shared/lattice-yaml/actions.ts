/** What hooks and commands can do. */
export const hookActions = [
  'vcs.checkpoint',
  'vcs.commit',
  'vcs.push',
  'route.fallback',
  'route.skip_provider',
  'notify.terminal',
  'notify.desktop',
  'notify.slack',
  'log.info',
  'log.warning',
  'log.error',
] as const;

/** What commands can do. */
export const commandActions = [
  'vcs.status',
  'vcs.checkpoint',
  'vcs.commit',
  'vcs.undo',
  'vcs.push',
  'providers.status',
  'agents.status',
] as const;
