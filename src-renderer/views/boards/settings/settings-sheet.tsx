import { type ReactNode, useState } from 'react';
import type { BoardSettings, BoardView } from '../../../../src-shared/views/board.ts';
import { useAction } from '../../../data/queries.ts';
import { Field } from '../../../ui/field.tsx';
import { Input } from '../../../ui/input.tsx';
import { Select } from '../../../ui/select.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import { SheetForm } from '../../../ui/sheet-form.tsx';
import { toast } from '../../../ui/toast.tsx';
import { setBoardState, useBoardState } from '../board-state.ts';
import { settingsProblem } from '../logic/settings-problem.ts';
import { PRIORITY_OPTIONS, readableWord } from '../logic/words.ts';
import { WorkflowEditor } from './workflow-editor.tsx';

const STALE = { message: 'The settings were changed elsewhere. Close and open them again.' };

function Form({ board }: { board: BoardView }): ReactNode {
  const [settings, setSettings] = useState(board.settings);
  const [digest] = useState(board.settings_digest);
  const { mutate, isPending, error } = useAction('board.settings');
  const set = (change: Partial<BoardSettings>) => setSettings({ ...settings, ...change });
  const close = () => setBoardState({ sheet: 'none' });
  const problem = settingsProblem(settings);
  const stale = digest !== board.settings_digest;
  const save = () => {
    if (problem !== undefined || stale) return;
    mutate(
      { board: board.id, settings, digest },
      {
        onSuccess: () => {
          close();
          toast({ status: 'completed', title: 'Settings of the board saved' });
        },
      },
    );
  };
  return (
    <SheetForm
      onSubmit={save}
      onClose={close}
      submit="Save"
      busy={isPending}
      busyLabel="Saving"
      disabledReason={problem}
      failure={problem !== undefined ? { message: problem } : stale ? STALE : error}
    >
      <Field label="Name">
        <Input
          value={settings.name}
          maxLength={200}
          onChange={(event) => set({ name: event.target.value })}
        />
      </Field>
      <div className="grid grid-cols-2 gap-12">
        <Field label="New tasks start in">
          <Select
            value={settings.default_status}
            onChange={(default_status) => set({ default_status })}
            options={settings.statuses.map(({ status, name }) => ({
              value: status,
              label: name ?? readableWord(status),
            }))}
          />
        </Field>
        <Field label="Usual priority">
          <Select
            value={settings.default_priority}
            onChange={(default_priority) => set({ default_priority })}
            options={PRIORITY_OPTIONS.map(({ value, label }) => ({ value: value as string, label }))}
          />
        </Field>
      </div>
      <Field label="Types" hint="Parted by commas.">
        <Input
          defaultValue={settings.task_types.join(', ')}
          onChange={(event) =>
            set({ task_types: event.target.value.split(',').flatMap((type) => type.trim() || []) })
          }
        />
      </Field>
      <WorkflowEditor
        settings={settings}
        used={board.columns.map(({ status }) => status)}
        onChange={setSettings}
      />
    </SheetForm>
  );
}

/** What can be set about a board: its name, its words and its workflow. */
export function SettingsSheet({ board }: { board: BoardView }): ReactNode {
  const open = useBoardState((state) => state.sheet === 'settings');
  return (
    <Sheet open={open} onClose={() => setBoardState({ sheet: 'none' })} title="Settings of this board">
      {open && <Form board={board} />}
    </Sheet>
  );
}
