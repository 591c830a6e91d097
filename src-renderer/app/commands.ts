import { useEffect } from 'react';
import { create } from 'zustand';
import type { IconType } from '../ui/icon.tsx';
import { toast } from '../ui/toast.tsx';

/** Where a command stands in the palette and in the list of shortcuts. */
export type CommandGroup = 'Go to' | 'Agents' | 'Work' | 'Stations' | 'Hub' | 'Window' | 'This view';

/** One action, the same in palette, menu, tray, button and keyboard. */
export interface Command {
  /** Dotted and stable, for example `hub.restart`; main runs commands by it. */
  id: string;
  /** Verb and object, for example *Restart the hub*. */
  title: string;
  group: CommandGroup;
  icon?: IconType;
  /** Keys as in `Mod+K`; several when more than one does it. */
  shortcut?: string | readonly string[];
  /** True for a command that only other programs run, not a person from the palette. */
  hidden?: boolean;
  /** Why it cannot run now; undefined when it can. */
  disabledReason?: string | undefined;
  run(argument?: string): void;
}

const useRegistry = create<{ commands: readonly Command[] }>()(() => ({ commands: [] }));

/** Adds commands until the result is called; the newest command of an id wins. */
export function registerCommands(commands: readonly Command[]): () => void {
  useRegistry.setState((state) => ({ commands: [...commands, ...state.commands] }));
  return () =>
    useRegistry.setState((state) => ({
      commands: state.commands.filter((command) => !commands.includes(command)),
    }));
}

/** Adds the commands of a view while it is shown; pass the same array until it changes. */
export function useCommands(commands: readonly Command[]): void {
  useEffect(() => registerCommands(commands), [commands]);
}

function newestOfEach(commands: readonly Command[]): Command[] {
  return commands.filter(
    (command, index) => commands.findIndex((other) => other.id === command.id) === index,
  );
}

/** Every command that a person can see now. */
export function useVisibleCommands(): Command[] {
  const all = useRegistry((state) => state.commands);
  return newestOfEach(all).filter((command) => command.hidden !== true);
}

/** Every command there is now, newest first. */
export function allCommands(): Command[] {
  return newestOfEach(useRegistry.getState().commands);
}

/** Runs a command by its id; says why when it cannot run, and is false when nobody offers it. */
export function runCommand(id: string, argument?: string): boolean {
  const command = allCommands().find((candidate) => candidate.id === id);
  if (command === undefined) return false;
  if (command.disabledReason === undefined) command.run(argument);
  else toast({ status: 'cancelled', title: command.title, text: command.disabledReason });
  return true;
}

/** All keys of a command. */
export function shortcutsOf(command: Command): readonly string[] {
  if (command.shortcut === undefined) return [];
  return typeof command.shortcut === 'string' ? [command.shortcut] : command.shortcut;
}
