import { describe, expect, it, vi } from 'vitest';
import { allCommands, type Command, registerCommands, runCommand, shortcutsOf } from './commands.ts';

const command = (id: string, more: Partial<Command> = {}): Command => ({
  id,
  title: id,
  group: 'Window',
  run: () => undefined,
  ...more,
});

describe('the command registry', () => {
  it('runs a command by id with its argument and knows when there is none', () => {
    const run = vi.fn();
    const remove = registerCommands([command('node.join', { run })]);
    expect(runCommand('node.join', 'nats://forge:4222')).toBe(true);
    expect(run).toHaveBeenCalledExactlyOnceWith('nats://forge:4222');
    remove();
    expect(runCommand('node.join')).toBe(false);
  });

  it('lets the newest command of an id win and gives the older one back', () => {
    const older = vi.fn();
    const newer = vi.fn();
    const removeOlder = registerCommands([command('view.create', { run: older })]);
    const removeNewer = registerCommands([command('view.create', { run: newer })]);
    runCommand('view.create');
    expect(allCommands()).toHaveLength(1);
    removeNewer();
    runCommand('view.create');
    removeOlder();
    expect([newer.mock.calls.length, older.mock.calls.length]).toEqual([1, 1]);
    expect(allCommands()).toEqual([]);
  });

  it('does not run a command that is disabled', () => {
    const run = vi.fn();
    const remove = registerCommands([command('hub.stop', { run, disabledReason: 'The hub is not here.' })]);
    expect(runCommand('hub.stop')).toBe(true);
    expect(run).not.toHaveBeenCalled();
    remove();
  });

  it('lists one or several shortcuts', () => {
    expect(shortcutsOf(command('a'))).toEqual([]);
    expect(shortcutsOf(command('a', { shortcut: 'Mod+K' }))).toEqual(['Mod+K']);
    expect(shortcutsOf(command('a', { shortcut: ['?', 'F1'] }))).toEqual(['?', 'F1']);
  });
});
