import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { matchesKey } from './keys.ts';

export interface SheetFormProps {
  /** Called by Enter, ⌘ Enter and the button, but not while it is busy. */
  onSubmit(): void;
  onClose(): void;
  submit: string;
  busy: boolean;
  busyLabel: string;
  disabledReason?: string | undefined;
  /** What is wrong with the form, or went wrong with it. */
  failure?: { message: string; hint?: string | undefined } | null | undefined;
  children: ReactNode;
}

/** A form that fills a sheet: its fields scroll, what went wrong and the buttons stay in sight. */
export function SheetForm(props: SheetFormProps): ReactNode {
  const { onSubmit, onClose, submit, busy, busyLabel, disabledReason, failure, children } = props;
  const send = () => {
    if (!busy) onSubmit();
  };
  return (
    <form
      className="flex min-h-0 flex-1 flex-col"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onKeyDown={(event) => {
        if (!matchesKey(event.nativeEvent, 'Mod+Enter')) return;
        event.preventDefault();
        event.stopPropagation();
        send();
      }}
    >
      <div className="flex min-h-0 flex-1 flex-col gap-16 overflow-y-auto px-20 py-16">{children}</div>
      <footer className="flex shrink-0 flex-col gap-8 border-t border-hairline px-20 py-12">
        {failure && (
          <p role="alert" className="takeable text-small wrap-anywhere text-fail">
            {failure.message} {failure.hint}
          </p>
        )}
        <div className="flex justify-end gap-8">
          <Button size="large" variant="plain" onClick={onClose}>
            Close
          </Button>
          <Button
            size="large"
            variant="main"
            type="submit"
            shortcut="Mod+Enter"
            busy={busy}
            busyLabel={busyLabel}
            disabledReason={disabledReason}
          >
            {submit}
          </Button>
        </div>
      </footer>
    </form>
  );
}
