import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { FLOAT } from './layer.ts';
import { ScrollRegion } from './scroll-region.tsx';

export interface DialogProps {
  open: boolean;
  onClose(): void;
  title: string;
  /** One or two sentences under the title: the consequence. */
  text?: ReactNode;
  children?: ReactNode;
  /** The safe way, at the left. */
  safe?: ReactNode;
  /** The other ways, at the right. */
  actions: ReactNode;
  width?: number;
  /** The name of content that may be longer than the window: it scrolls, title and buttons stay. */
  scrolls?: string;
}

const FADE =
  'transition-opacity duration-160 ease-enter data-ending-style:opacity-0 data-starting-style:opacity-0';

/** A question before something that cannot be undone, or a short form. */
export function Dialog(props: DialogProps): ReactNode {
  const { open, onClose, title, text, children, safe, actions, width = 424, scrolls } = props;
  return (
    <BaseDialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop forceRender className={cx('fixed inset-0 z-40 bg-scrim', FADE)} />
        <BaseDialog.Viewport className="fixed inset-0 z-40 grid place-items-center overflow-y-auto p-24">
          <BaseDialog.Popup
            style={{ width }}
            className={cx(
              FLOAT,
              FADE,
              'flex max-w-full flex-col gap-12 rounded-dialog p-20',
              scrolls !== undefined && 'max-h-[calc(100vh-48px)]',
            )}
          >
            <BaseDialog.Title className="text-heading text-1">{title}</BaseDialog.Title>
            {text !== undefined && (
              <BaseDialog.Description className="-mt-8 text-body text-2">{text}</BaseDialog.Description>
            )}
            {scrolls === undefined ? children : <ScrollRegion label={scrolls}>{children}</ScrollRegion>}
            <div className="mt-4 flex items-center gap-8">
              {safe}
              <div className="ml-auto flex items-center gap-8">{actions}</div>
            </div>
          </BaseDialog.Popup>
        </BaseDialog.Viewport>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}
