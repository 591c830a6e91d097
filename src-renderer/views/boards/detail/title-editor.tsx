import { type ReactNode, useState } from 'react';
import type { TaskDetail } from '../../../../src-shared/views/board.ts';
import { focusFirst } from '../parts/focus-first.ts';
import type { TaskActions } from '../use-task-actions.ts';

/** More characters than this are cut in the heading; the whole title is in its field. */
const SHOWN = 2_000;

/** The title, which becomes a field when it is pressed: Enter saves, Esc leaves it as it was. */
export function TitleEditor(props: {
  detail: TaskDetail;
  actions: TaskActions;
  readOnly: string | undefined;
}): ReactNode {
  const { detail, actions, readOnly } = props;
  const [text, setText] = useState<string>();
  const save = () => {
    const next = text?.trim() ?? '';
    setText(undefined);
    if (next !== '' && next !== detail.title) void actions.update(detail.card, { title: next });
  };
  const shown = detail.title.length > SHOWN ? `${detail.title.slice(0, SHOWN)}…` : detail.title;
  if (readOnly !== undefined) return <h2 className="takeable text-heading wrap-anywhere text-1">{shown}</h2>;
  if (text === undefined)
    return (
      <h2 className="text-heading text-1">
        <button
          type="button"
          aria-description="Press to edit the title"
          onClick={() => setText(detail.title)}
          className="-mx-4 rounded-hint px-4 text-left wrap-anywhere hover:bg-hover"
        >
          {shown}
        </button>
      </h2>
    );
  return (
    <textarea
      ref={focusFirst}
      rows={2}
      aria-label="Title"
      value={text}
      onChange={(event) => setText(event.target.value.replaceAll('\n', ' '))}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setText(undefined);
        else if (event.key === 'Enter' && !event.nativeEvent.isComposing) save();
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
      className="-mx-5 resize-y rounded-control border border-control bg-page px-4 text-heading text-1 select-text"
    />
  );
}
