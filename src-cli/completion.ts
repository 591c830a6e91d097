import type { Command } from 'commander';
import { LatticeError } from '../src-shared/errors.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

interface Entry {
  path: string[];
  words: { name: string; description: string }[];
}

function entriesOf(command: Command, path: string[] = []): Entry[] {
  const children = command.commands.map((child) => ({
    name: child.name(),
    description: child.summary() || child.description(),
  }));
  const options = command.options.flatMap((option) =>
    option.long ? [{ name: option.long, description: option.description }] : [],
  );
  return [
    { path, words: [...children, ...options] },
    ...command.commands.flatMap((child) => entriesOf(child, [...path, child.name()])),
  ];
}

/** A completion script made from the commands as they are, so that it cannot fall behind them. */
export function completionScript(program: Command, shell: Shell): string {
  const name = program.name();
  const entries = entriesOf(program);
  switch (shell) {
    case 'bash':
      return bashScript(name, entries);
    case 'zsh':
      return `#compdef ${name}\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(name, entries)}`;
    case 'fish':
      return fishScript(name, entries);
    default:
      throw new LatticeError('invalid_input', `There is no completion for ${String(shell satisfies never)}.`);
  }
}

function bashScript(name: string, entries: Entry[]): string {
  const cases = entries.map(
    ({ path, words }) => `    "${path.join(' ')}") words="${words.map((word) => word.name).join(' ')}" ;;`,
  );
  return `_${name}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" path="" word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) path="\${path:+$path }$word" ;; esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _${name} ${name}
`;
}

function fishScript(name: string, entries: Entry[]): string {
  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = entries.flatMap(({ path, words }) => {
    const [group] = path;
    const condition = group ? `__fish_seen_subcommand_from ${group}` : '__fish_use_subcommand';
    return words.map((word) =>
      word.name.startsWith('--')
        ? `complete -c ${name} -n ${quoted(condition)} -l ${word.name.slice(2)} -d ${quoted(word.description)}`
        : `complete -c ${name} -f -n ${quoted(condition)} -a ${word.name} -d ${quoted(word.description)}`,
    );
  });
  return `${lines.join('\n')}\n`;
}
