import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { createContext, type ReactNode, useContext, useRef } from 'react';
import { IconButton } from './icon-button.tsx';

/** Where a sheet lies: the content of its page, so that rail, header and status bar stay free. */
export const SheetContainer = createContext<HTMLElement | null>(null);

const FIRST_FIELD = 'input:not([disabled]), textarea:not([disabled]), [data-first]';

export interface SheetProps {
  open: boolean;
  onClose(): void;
  title: ReactNode;
  /** An agent square or a glyph before the title. */
  lead?: ReactNode;
  /** Plain buttons between the title and the cross. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A panel of 472 at the right that leaves the rest of the page at work; Esc closes it. */
export function Sheet({ open, onClose, title, lead, actions, children }: SheetProps): ReactNode {
  const container = useContext(SheetContainer);
  const popup = useRef<HTMLDivElement>(null);
  if (container === null) return null;
  return (
    <Dialog.Root
      modal={false}
      disablePointerDismissal
      open={open}
      onOpenChange={(next) => !next && onClose()}
    >
      <Dialog.Portal container={container}>
        <Dialog.Popup
          ref={popup}
          initialFocus={() => popup.current?.querySelector<HTMLElement>(FIRST_FIELD) ?? popup.current}
          className="absolute inset-y-0 right-0 z-30 flex w-472 max-w-full flex-col border-l border-border bg-raised shadow-sheet outline-none transition-[transform,opacity] duration-220 ease-enter data-ending-style:translate-x-12 data-ending-style:opacity-0 data-ending-style:duration-147 data-ending-style:ease-leave data-starting-style:translate-x-12 data-starting-style:opacity-0"
        >
          <header className="flex h-52 shrink-0 items-center gap-8 border-b border-hairline pr-12 pl-20">
            {lead}
            <Dialog.Title className="min-w-0 flex-1 truncate text-title text-1">{title}</Dialog.Title>
            {actions}
            <IconButton icon={X} label="Close" shortcut="Escape" onClick={onClose} />
          </header>
          <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">{children}</div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
