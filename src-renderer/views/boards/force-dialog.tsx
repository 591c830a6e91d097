import { type ReactNode, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { type ForceQuestion, setBoardState } from './board-state.ts';
import type { TaskActions } from './use-task-actions.ts';

/** Asks for a reason before a move that the rules of the board refuse. */
export function ForceDialog({
  question,
  actions,
}: {
  question: ForceQuestion;
  actions: TaskActions;
}): ReactNode {
  const [busy, setBusy] = useState(false);
  const close = () => setBoardState({ force: undefined });
  const words = question.words.trim();
  const move = async () => {
    if (words === '' || busy) return;
    setBusy(true);
    const done = await actions.force({ id: question.task, short_id: question.short_id }, question.to, words);
    setBusy(false);
    if (done) close();
  };
  return (
    <Dialog
      open
      onClose={close}
      title={`Move ${question.short_id} to ${question.name} all the same?`}
      text={question.reason}
      safe={<Button onClick={close}>Leave it</Button>}
      actions={
        <Button
          variant="main"
          busy={busy}
          busyLabel="Moving"
          disabledReason={words === '' ? 'Say why first.' : undefined}
          onClick={() => void move()}
        >
          Move with this reason
        </Button>
      }
    >
      <Field label="Reason" hint="It is written into the log of the task.">
        <Input
          autoFocus
          value={question.words}
          maxLength={2_000}
          onChange={(event) => setBoardState({ force: { ...question, words: event.target.value } })}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.nativeEvent.isComposing) void move();
          }}
        />
      </Field>
    </Dialog>
  );
}
