import { type ReactNode, useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { matchesKey } from '../../../ui/keys.ts';
import { toastError } from '../../../ui/toast.tsx';
import { focusFirst } from '../parts/focus-first.ts';

/** A few lines in place: Ctrl Enter sends, Esc leaves. */
export function ReplyField(props: {
  label: string;
  first: string;
  verb: string;
  onSend(text: string): Promise<void>;
  onClose(): void;
}): ReactNode {
  const { label, first, verb, onSend, onClose } = props;
  const [text, setText] = useState(first);
  const [busy, setBusy] = useState(false);
  const send = () => {
    if (text.trim() === '' || busy) return;
    setBusy(true);
    onSend(text)
      .catch((error: unknown) => toastError('The comment was not written', error))
      .finally(() => setBusy(false));
  };
  return (
    <div className="flex flex-col gap-6">
      <textarea
        ref={focusFirst}
        rows={3}
        aria-label={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose();
          else if (matchesKey(event.nativeEvent, 'Mod+Enter')) send();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
        className="w-full resize-y rounded-control border border-control bg-page px-10 py-6 text-body text-1 select-text"
      />
      <div className="flex justify-end gap-6">
        <Button size="small" variant="plain" onClick={onClose}>
          Close
        </Button>
        <Button size="small" variant="main" busy={busy} shortcut="Mod+Enter" onClick={send}>
          {verb}
        </Button>
      </div>
    </div>
  );
}
