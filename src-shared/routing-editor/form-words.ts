import type { hookActions } from '../lattice-yaml/actions.ts';

/** The events that hooks answer, in the order of a run, with the title a person sees. */
export const HOOK_EVENTS = {
  pre_agent: 'Before an agent works',
  post_agent: 'After an agent has worked',
  on_rate_limit: 'When a provider asks to wait',
  on_budget_exceeded: 'When a budget is used up',
  on_error: 'When something fails',
} as const;

/** An event that hooks answer. */
export type HookEvent = keyof typeof HOOK_EVENTS;

/** What each action of a hook does, in a few words. */
export const HOOK_ACTION_WORDS: Readonly<Record<(typeof hookActions)[number], string>> = {
  'vcs.checkpoint': 'keeps the files as they are',
  'vcs.commit': 'commits what changed',
  'vcs.push': 'pushes what is committed',
  'route.fallback': 'says that the next model takes over',
  'route.skip_provider': 'leaves the provider out for a while',
  'notify.terminal': 'a line where the station runs',
  'notify.desktop': 'a notification of the system',
  'notify.slack': 'a message in Slack',
  'log.info': 'a line in the log',
  'log.warning': 'a warning in the log',
  'log.error': 'an error in the log',
};

/** What each preset of version control does. */
export const VCS_PRESETS = {
  'git-stash': {
    title: 'Git',
    text: 'A checkpoint is a snapshot beside the history. Commits go on lattice/<branch>, and an undo brings files and staging back.',
  },
  'jj-checkpoint': {
    title: 'Jujutsu, one folder',
    text: 'A checkpoint notes the operation and begins a new change. All agents work in one folder; an undo restores the operation.',
  },
  'jj-workspace': {
    title: 'Jujutsu, many folders',
    text: 'Each run works in a workspace of its own, so that runs at the same time do not meet. The folder goes after a push.',
  },
  none: { title: 'None', text: 'Nothing is kept apart, committed or undone.' },
} as const;

/** A preset of version control. */
export type VcsPreset = keyof typeof VCS_PRESETS;

/** The settings that make a difference for a preset, in the order they are shown. */
export const VCS_SETTINGS: Readonly<Record<VcsPreset, readonly string[]>> = {
  'git-stash': ['checkpoint_message', 'commit_message'],
  'jj-checkpoint': ['gate_enforcement', 'checkpoint_message', 'commit_message'],
  'jj-workspace': [
    'workspace_dir',
    'gate_enforcement',
    'auto_cleanup',
    'checkpoint_message',
    'commit_message',
  ],
  none: [],
};
