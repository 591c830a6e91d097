import { type ReactNode, useState } from 'react';
import { useNode } from '../../data/live.ts';
import { useAction } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';

function codeFrom(path: string): string {
  const letters = (path.split(/[\\/]/).filter(Boolean).at(-1) ?? '').replaceAll(/[^a-z]/gi, '').toUpperCase();
  return letters.slice(0, 3) || 'LAT';
}

/** Asks where a new board goes and what its tasks are called. */
export function CreateBoardDialog(props: { onClose(): void; onCreated(board: string): void }): ReactNode {
  const own = useNode()?.project_dir ?? '';
  const [path, setPath] = useState(own);
  const [name, setName] = useState('');
  const [code, setCode] = useState(() => codeFrom(own));
  const choose = useAction('app.chooseFolder');
  const create = useAction('boards.create');
  const wrong = /^[A-Z]{1,5}$/.test(code) ? undefined : 'Use 1 to 5 capital letters.';
  const send = () => {
    if (wrong !== undefined || path.trim() === '' || create.isPending) return;
    create.mutate(
      { path, name: name.trim(), code },
      {
        onSuccess: ({ id }) => {
          props.onClose();
          props.onCreated(id);
        },
      },
    );
  };
  return (
    <Dialog
      open
      onClose={props.onClose}
      title="Create a board"
      text="It is written into the folder as .lattice, in plain files that can be committed with the code."
      actions={
        <>
          <Button onClick={props.onClose}>Close</Button>
          <Button variant="main" busy={create.isPending} busyLabel="Creating" onClick={send}>
            Create board
          </Button>
        </>
      }
    >
      <Field
        label="Folder"
        error={create.error === null ? undefined : `${create.error.message} ${create.error.hint ?? ''}`}
      >
        <span className="flex w-full gap-8">
          <Input mono value={path} onChange={(event) => setPath(event.target.value)} />
          <Button
            size="large"
            onClick={() =>
              choose.mutate(undefined, {
                onSuccess: ({ path: chosen }) => {
                  if (chosen === undefined) return;
                  setPath(chosen);
                  setCode(codeFrom(chosen));
                },
              })
            }
          >
            Choose
          </Button>
        </span>
      </Field>
      <div className="grid grid-cols-[minmax(0,1fr)_120px] gap-12">
        <Field label="Name" hint="Such as Platform board.">
          <Input value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field label="Code" hint={`Tasks are ${code}-1.`} error={wrong}>
          <Input
            mono
            value={code}
            maxLength={5}
            onChange={(event) => setCode(event.target.value.toUpperCase())}
          />
        </Field>
      </div>
    </Dialog>
  );
}
