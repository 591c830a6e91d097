import { commandActions, hookActions } from './actions.ts';
import { parseCondition } from './condition.ts';
import { type MeaningIssue, meant, wrong } from './meaning-issue.ts';
import type { LatticeYaml } from './schema.ts';

const EVENTS = ['pre_agent', 'post_agent', 'on_rate_limit', 'on_budget_exceeded', 'on_error'] as const;

/** Hooks and commands that name an action nobody knows, and conditions that cannot be read. */
export function hooksMeaning(document: LatticeYaml): MeaningIssue[] {
  const hooks = EVENTS.flatMap((event) =>
    (document.hooks?.[event] ?? []).flatMap((hook, index) => {
      const path = ['hooks', event, index];
      return [
        ...action([...path, 'action'], hook.action, hookActions),
        ...condition([...path, 'when'], hook.when),
      ];
    }),
  );
  const commands = Object.entries(document.commands ?? {}).flatMap(([name, command]) =>
    action(['commands', name, 'action'], command.action, commandActions),
  );
  return [...hooks, ...commands];
}

function action(path: (string | number)[], name: string, known: readonly string[]): MeaningIssue[] {
  if (known.includes(name)) return [];
  return [wrong(path, `There is no action ${name} here.`, meant(name, known) ?? `Use ${known.join(', ')}.`)];
}

function condition(path: (string | number)[], text: string | undefined): MeaningIssue[] {
  if (text === undefined) return [];
  const parsed = parseCondition(text);
  if (parsed.ok) return [];
  const { offset, message, suggestion } = parsed.error;
  return [{ ...wrong(path, message, suggestion), within: offset }];
}
