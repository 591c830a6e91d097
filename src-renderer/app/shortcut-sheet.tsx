import type { ReactNode } from 'react';
import { groupBy } from '../data/group-by.ts';
import { useViewState } from '../data/view-state.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { type Command, shortcutsOf, useVisibleCommands } from './commands.ts';

/** Keys that lists and layers handle themselves. */
const EVERYWHERE: readonly { title: string; keys: readonly string[] }[] = [
  { title: 'Move in a list', keys: ['ArrowUp', 'ArrowDown', 'J', 'K'] },
  { title: 'Open', keys: ['Enter'] },
  { title: 'Peek', keys: ['Space'] },
  { title: 'Close or go up', keys: ['Escape'] },
];

function Line({ title, keys }: { title: string; keys: readonly string[] }): ReactNode {
  return (
    <li className="flex min-h-28 items-center gap-8 border-b border-hairline text-body text-2">
      <span className="flex-1">{title}</span>
      {keys.map((key) => (
        <KeyHint key={key} keys={key} spoken />
      ))}
    </li>
  );
}

function groupsOf(commands: readonly Command[]): [string, Command[]][] {
  const groups = groupBy(
    commands.filter((command) => command.shortcut !== undefined),
    (command) => command.group,
  );
  return [...groups];
}

/** All shortcuts that work now. */
export function ShortcutSheet(): ReactNode {
  const open = useViewState((state) => state.layer === 'shortcuts');
  const commands = useVisibleCommands();
  const close = () => useViewState.setState({ layer: 'none' });
  return (
    <Dialog
      open={open}
      onClose={close}
      title="Keyboard shortcuts"
      text="Single letters rest while a field has the focus. They can be turned off in Settings."
      width={720}
      actions={
        <Button variant="main" onClick={close}>
          Close
        </Button>
      }
    >
      <div className="columns-2 gap-24">
        {groupsOf(commands).map(([group, entries]) => (
          <section key={group} className="mb-16 break-inside-avoid">
            <h3 className="py-4 text-small font-semibold text-1">{group}</h3>
            <ul>
              {entries.map((entry) => (
                <Line key={entry.id} title={entry.title} keys={shortcutsOf(entry)} />
              ))}
            </ul>
          </section>
        ))}
        <section className="break-inside-avoid">
          <h3 className="py-4 text-small font-semibold text-1">Lists and layers</h3>
          <ul>
            {EVERYWHERE.map((entry) => (
              <Line key={entry.title} {...entry} />
            ))}
          </ul>
        </section>
      </div>
    </Dialog>
  );
}
