import { z } from 'zod';

/** Who may run what on a station, beside its owner. */
export const runRuleSchema = z.enum(['everyone', 'named', 'ask', 'owner']);
export type RunRule = z.infer<typeof runRuleSchema>;

/** Each rule in words: for a list to choose from, and in a sentence. */
export const runRuleWords: Readonly<Record<RunRule, { title: string; says: string }>> = {
  everyone: { title: 'Everyone', says: 'Everyone on the lattice who may run agents runs them here.' },
  named: { title: 'Named people', says: 'Only the people and devices that are named run them here.' },
  ask: { title: 'Ask me', says: 'You are asked before each run of somebody else.' },
  owner: { title: 'Only me', says: 'Runs of others are refused.' },
};
