import { Toast as BaseToast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { LatticeError } from '../../src-shared/errors.ts';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import { Glyph } from './glyph.tsx';
import { IconButton } from './icon-button.tsx';
import { FLOAT } from './layer.ts';
import type { Status } from './status.ts';

interface ToastData {
  status: Status;
  action: { label: string; run(): void } | undefined;
}

const manager = BaseToast.createToastManager<ToastData>();

export interface ToastOptions {
  status: Status;
  title: string;
  text?: string;
  action?: { label: string; run(): void };
}

/** Shows a toast for 5 s; one with the status `failed` stays until it is closed. */
export function toast({ status, title, text, action }: ToastOptions): void {
  manager.add({
    title,
    description: text,
    data: { status, action },
    ...(status === 'failed' ? { timeout: 0, priority: 'high' as const } : {}),
  });
}

/** Shows what went wrong as a toast that stays. */
export function toastError(title: string, thrown: unknown): void {
  const error = LatticeError.from(thrown);
  toast({
    status: 'failed',
    title,
    text: error.hint === undefined ? error.message : `${error.message} ${error.hint}`,
  });
}

function Stack(): ReactNode {
  const { toasts } = BaseToast.useToastManager<ToastData>();
  return toasts.map((item) => (
    <BaseToast.Root
      key={item.id}
      toast={item}
      swipeDirection={['right']}
      className={cx(
        FLOAT,
        'w-360 rounded-node px-12 py-10 transition-[opacity,transform] duration-160 ease-enter data-ending-style:opacity-0 data-ending-style:duration-107 data-ending-style:ease-leave data-limited:hidden data-starting-style:translate-y-8 data-starting-style:opacity-0',
      )}
    >
      <BaseToast.Content className="flex items-start gap-10">
        {item.data !== undefined && <Glyph status={item.data.status} size={14} className="mt-3" />}
        <div className="min-w-0 flex-1 select-text">
          <BaseToast.Title className="text-body font-semibold text-1" />
          <BaseToast.Description className="text-small break-words text-2" />
        </div>
        {item.data?.action !== undefined && (
          <Button
            size="small"
            onClick={() => {
              item.data?.action?.run();
              manager.close(item.id);
            }}
          >
            {item.data.action.label}
          </Button>
        )}
        <BaseToast.Close render={<IconButton icon={X} label="Close" size={24} className="-mt-2 -mr-4" />} />
      </BaseToast.Content>
    </BaseToast.Root>
  ));
}

/** Where toasts appear: bottom right above the status bar, at most 3. */
export function ToastHost(): ReactNode {
  return (
    <BaseToast.Provider toastManager={manager} limit={3} timeout={5_000}>
      <BaseToast.Portal>
        <BaseToast.Viewport className="fixed right-16 bottom-44 z-50 flex flex-col-reverse gap-8 outline-none">
          <Stack />
        </BaseToast.Viewport>
      </BaseToast.Portal>
    </BaseToast.Provider>
  );
}
