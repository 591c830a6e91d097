import { type ReactNode, useState } from 'react';
import type { BoardView } from '../../../src-shared/views/board.ts';
import { useAction } from '../../data/queries.ts';
import { Field } from '../../ui/field.tsx';
import { Input, Textarea } from '../../ui/input.tsx';
import { Segment } from '../../ui/segment.tsx';
import { Select } from '../../ui/select.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { SheetForm } from '../../ui/sheet-form.tsx';
import { setBoardState, useBoardState } from './board-state.ts';
import { assigneeOptions, NOBODY } from './detail/assignees.ts';
import { PRIORITY_OPTIONS, readableWord } from './logic/words.ts';

type Priority = (typeof PRIORITY_OPTIONS)[number]['value'];

function known(priority: string): Priority {
  return PRIORITY_OPTIONS.find((option) => option.value === priority)?.value ?? 'medium';
}

function emptyTask(board: BoardView, status: string | undefined) {
  return {
    title: '',
    description: '',
    status: status ?? board.default_status,
    type: board.types[0] ?? 'task',
    priority: known(board.settings.default_priority),
    assignee: NOBODY,
    tags: '',
  };
}

function Form({ board, onCreated }: { board: BoardView; onCreated(task: string): void }): ReactNode {
  const status = useBoardState((state) => state.sheetStatus);
  const [task, setTask] = useState(() => emptyTask(board, status));
  const [tried, setTried] = useState(false);
  const { mutate, isPending, error } = useAction('board.create');
  const set = (change: Partial<typeof task>) => setTask({ ...task, ...change });
  const close = () => setBoardState({ sheet: 'none' });
  const create = () => {
    setTried(true);
    const title = task.title.trim();
    if (title === '') return;
    const tags = task.tags.split(',').flatMap((tag) => (tag.trim() === '' ? [] : [tag.trim()]));
    mutate(
      {
        board: board.id,
        title,
        status: task.status,
        type: task.type,
        priority: task.priority,
        ...(task.description.trim() === '' ? {} : { description: task.description }),
        ...(tags.length === 0 ? {} : { tags }),
        ...(task.assignee === NOBODY ? {} : { assignee: task.assignee }),
      },
      {
        onSuccess: ({ id }) => {
          close();
          onCreated(id);
        },
      },
    );
  };
  return (
    <SheetForm
      onSubmit={create}
      onClose={close}
      submit="Create task"
      busy={isPending}
      busyLabel="Creating"
      failure={error}
    >
      <Field
        label="Title"
        error={tried && task.title.trim() === '' ? 'Say in a line what is to be done.' : undefined}
      >
        <Input
          value={task.title}
          maxLength={10_000}
          onChange={(event) => set({ title: event.target.value })}
        />
      </Field>
      <Field label="Description" hint="Markdown. An agent reads it as its task.">
        <Textarea
          rows={8}
          value={task.description}
          onChange={(event) => set({ description: event.target.value })}
        />
      </Field>
      <div className="grid grid-cols-2 gap-12">
        <Field label="Column">
          <Select
            value={task.status}
            onChange={(next) => set({ status: next })}
            options={board.columns.map((column) => ({ value: column.status, label: column.name }))}
          />
        </Field>
        <Field label="Type">
          <Select
            value={task.type}
            onChange={(type) => set({ type })}
            options={board.types.map((type) => ({ value: type, label: readableWord(type) }))}
          />
        </Field>
      </div>
      <Field label="Priority">
        <Segment
          label="Priority"
          value={task.priority}
          onChange={(priority) => set({ priority })}
          options={PRIORITY_OPTIONS}
        />
      </Field>
      <Field label="Assignee">
        <Select
          value={task.assignee}
          onChange={(assignee) => set({ assignee })}
          options={assigneeOptions(board, undefined).map(({ actor: _, ...option }) => option)}
        />
      </Field>
      <Field label="Tags" hint="Parted by commas.">
        <Input value={task.tags} onChange={(event) => set({ tags: event.target.value })} />
      </Field>
    </SheetForm>
  );
}

/** The sheet in which a person writes a new task. */
export function NewTaskSheet({
  board,
  onCreated,
}: {
  board: BoardView;
  onCreated(task: string): void;
}): ReactNode {
  const open = useBoardState((state) => state.sheet === 'task');
  return (
    <Sheet open={open} onClose={() => setBoardState({ sheet: 'none' })} title="New task">
      {open && <Form board={board} onCreated={onCreated} />}
    </Sheet>
  );
}
