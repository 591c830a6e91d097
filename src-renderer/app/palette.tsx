import { Dialog } from '@base-ui/react/dialog';
import { Command as Cmdk } from 'cmdk';
import { Search } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useViewState } from '../data/view-state.ts';
import { cx } from '../ui/cx.ts';
import { Icon } from '../ui/icon.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { FLOAT } from '../ui/layer.ts';
import { type PaletteEntry, type PaletteScope, usePaletteGroups } from './palette-entries.tsx';

const PREFIXES: Record<string, PaletteScope> = { '>': 'commands', '@': 'agents', '#': 'work' };

/** What a prefix narrows to, and the text that is left to match. */
export function scopeOf(query: string): { scope: PaletteScope; text: string } {
  const scope = PREFIXES[query[0] ?? ''];
  return scope === undefined ? { scope: 'all', text: query } : { scope, text: query.slice(1).trimStart() };
}

/** Whether every word of `text` is somewhere in what an entry says. */
export function matches(entry: Pick<PaletteEntry, 'title' | 'meta' | 'words'>, text: string): boolean {
  const said = `${entry.title} ${entry.meta ?? ''} ${entry.words ?? ''}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word));
}

function Line({ entry, onRun }: { entry: PaletteEntry; onRun(): void }): ReactNode {
  return (
    <Cmdk.Item
      value={entry.id}
      disabled={entry.disabledReason !== undefined}
      onSelect={() => {
        onRun();
        entry.run();
      }}
      className="relative flex h-36 items-center gap-10 px-16 text-body text-1 data-[disabled=true]:text-off data-[selected=true]:bg-selected data-[selected=true]:before:absolute data-[selected=true]:before:inset-y-0 data-[selected=true]:before:left-0 data-[selected=true]:before:w-2 data-[selected=true]:before:bg-accent-text"
    >
      <span className="flex w-16 justify-center text-2">{entry.lead}</span>
      <span className="min-w-0 flex-1 truncate">{entry.title}</span>
      <span className="truncate text-small text-3">{entry.disabledReason ?? entry.meta}</span>
      {entry.shortcut !== undefined && <KeyHint keys={entry.shortcut} />}
    </Cmdk.Item>
  );
}

function Content({ onClose }: { onClose(): void }): ReactNode {
  const [query, setQuery] = useState(() => useViewState.getState().palettePrefix);
  const { scope, text } = scopeOf(query);
  const groups = usePaletteGroups(scope, text)
    .map((group) => ({
      ...group,
      entries: group.entries.filter((entry) => matches(entry, text)).slice(0, group.limit),
    }))
    .filter((group) => group.entries.length > 0);
  return (
    // Its bindings of vi would take the very keys that open the palette.
    <Cmdk shouldFilter={false} label="Find or run" loop vimBindings={false}>
      <div className="flex h-48 items-center gap-10 border-b border-hairline px-16">
        <Icon icon={Search} size={16} className="text-3" />
        <Cmdk.Input
          autoFocus
          value={query}
          onValueChange={setQuery}
          placeholder="Find or run. > commands, @ agents, # work"
          className="min-w-0 flex-1 bg-transparent text-[14px] leading-20 text-1 outline-none select-text"
        />
        <KeyHint keys="Escape" />
      </div>
      <Cmdk.List className="max-h-432 overflow-y-auto py-6">
        <Cmdk.Empty className="px-16 py-12 text-body text-2">Nothing matches. Try fewer letters.</Cmdk.Empty>
        {groups.map((group) => (
          <Cmdk.Group
            key={group.title}
            heading={group.title}
            className="[&>[cmdk-group-heading]]:px-16 [&>[cmdk-group-heading]]:py-6 [&>[cmdk-group-heading]]:text-small [&>[cmdk-group-heading]]:font-semibold [&>[cmdk-group-heading]]:text-3"
          >
            {group.entries.map((entry) => (
              <Line key={entry.id} entry={entry} onRun={onClose} />
            ))}
          </Cmdk.Group>
        ))}
      </Cmdk.List>
    </Cmdk>
  );
}

/** Finds what there is and runs what can be done; a prefix narrows. */
export function Palette(): ReactNode {
  const open = useViewState((state) => state.layer === 'palette');
  const close = () => useViewState.setState({ layer: 'none' });
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-160 ease-enter data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Dialog.Popup
          data-palette
          aria-label="Find or run"
          className={cx(
            FLOAT,
            'fixed top-96 left-1/2 z-40 w-640 max-w-[calc(100vw-32px)] -translate-x-1/2 overflow-hidden rounded-dialog transition-[opacity,translate] duration-160 ease-enter data-ending-style:opacity-0 data-ending-style:duration-107 data-ending-style:ease-leave data-starting-style:-translate-y-8 data-starting-style:opacity-0 max-wide:w-560',
          )}
        >
          <Content onClose={close} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
