import { PencilLine } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { call } from '../../../data/queries.ts';
import { Button } from '../../../ui/button.tsx';
import { matchesKey } from '../../../ui/keys.ts';
import { toastError } from '../../../ui/toast.tsx';
import { focusFirst } from '../parts/focus-first.ts';
import { Markdown } from '../parts/markdown.tsx';

export interface TextEditorProps {
  label: string;
  text: string;
  /** What is laid out, where that is not the whole text. */
  shown?: string | undefined;
  empty: string;
  readOnly: string | undefined;
  /** Saves a field of the task; what failed was told. */
  save?(text: string): Promise<void>;
  /** Saves a file beside the task, unless it changed since `digest`. */
  target?: { board: string; task: string; kind: 'plan' | 'notes' };
  digest?: string;
}

/** Text laid out; pressing *Edit* makes it a field, Ctrl S or Ctrl Enter saves. */
export function TextEditor(props: TextEditorProps): ReactNode {
  const { label, text, empty, readOnly, save, target, digest = '' } = props;
  const shown = props.shown ?? text;
  const [draft, setDraft] = useState<{ text: string; digest: string }>();
  const [busy, setBusy] = useState(false);
  const store = async () => {
    if (draft === undefined || busy) return;
    setBusy(true);
    try {
      if (target === undefined) await save?.(draft.text);
      else
        await call('board.saveText', {
          board: target.board,
          task: target.task,
          kind: target.kind,
          text: draft.text,
          digest: draft.digest,
        });
      setDraft(undefined);
    } catch (error) {
      toastError(`${label} not saved`, error);
    } finally {
      setBusy(false);
    }
  };
  if (draft === undefined)
    return (
      <div className="group/text relative px-16 py-12">
        {shown.trim() === '' ? <p className="text-body text-3">{empty}</p> : <Markdown text={shown} />}
        {readOnly === undefined && (
          <Button
            size="small"
            icon={PencilLine}
            onClick={() => setDraft({ text, digest })}
            aria-label={`Edit: ${label}`}
            className="mt-10"
          >
            Edit
          </Button>
        )}
      </div>
    );
  const stale = target !== undefined && digest !== draft.digest;
  return (
    <div className="flex flex-col gap-8 px-16 py-12">
      <textarea
        ref={focusFirst}
        rows={14}
        aria-label={label}
        value={draft.text}
        onChange={(event) => setDraft({ ...draft, text: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setDraft(undefined);
          else if (matchesKey(event.nativeEvent, 'Mod+S') || matchesKey(event.nativeEvent, 'Mod+Enter'))
            void store();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
        className="w-full resize-y rounded-control border border-control bg-page px-10 py-8 font-mono text-mono text-1 select-text"
      />
      {stale && (
        <p role="status" className="text-small text-late">
          The file changed since you began. Copy your text, leave the editor and begin again.
        </p>
      )}
      <div className="flex justify-end gap-8">
        <Button size="small" variant="plain" onClick={() => setDraft(undefined)}>
          Leave as it was
        </Button>
        <Button
          size="small"
          variant="main"
          shortcut="Mod+S"
          busy={busy}
          busyLabel="Saving"
          disabledReason={stale ? 'The file changed since you began.' : undefined}
          onClick={() => void store()}
        >
          Save
        </Button>
      </div>
    </div>
  );
}
