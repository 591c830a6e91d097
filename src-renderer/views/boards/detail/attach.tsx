import { Link2, Paperclip } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { BoardView } from '../../../../src-shared/views/board.ts';
import { useAction } from '../../../data/queries.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Input } from '../../../ui/input.tsx';
import { toastError } from '../../../ui/toast.tsx';

function AddressDialog(props: { board: string; task: string; onClose(): void }): ReactNode {
  const { board, task, onClose } = props;
  const [url, setUrl] = useState('');
  const { mutate, isPending, error } = useAction('board.attachUrl');
  const isAddress = /^https?:\/\/\S+$/i.test(url.trim());
  const attach = () => {
    if (isAddress) mutate({ board, task, url: url.trim() }, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Attach an address"
      text="The board keeps the address, not what is there."
      safe={<Button onClick={onClose}>Close</Button>}
      actions={
        <Button
          variant="main"
          busy={isPending}
          disabledReason={isAddress ? undefined : 'Type an address that begins with https:// or http://.'}
          onClick={attach}
        >
          Attach
        </Button>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          attach();
        }}
      >
        <Input
          aria-label="Address"
          placeholder="https://"
          value={url}
          maxLength={4_000}
          onChange={(event) => setUrl(event.target.value)}
        />
      </form>
      {error !== null && <p className="text-small text-fail">{error.message}</p>}
    </Dialog>
  );
}

/** Attaches a file that the person chooses, or an address, to a task. */
export function Attach({ board, task }: { board: BoardView; task: string }): ReactNode {
  const [asking, setAsking] = useState(false);
  const { mutate, isPending } = useAction('app.attachFile');
  const attach = () =>
    mutate({ board: board.id, task }, { onError: (error) => toastError('The file was not attached', error) });
  return (
    <>
      <Button size="small" icon={Paperclip} busy={isPending} onClick={attach}>
        Attach a file
      </Button>
      <Button size="small" icon={Link2} onClick={() => setAsking(true)}>
        Attach an address
      </Button>
      {asking && <AddressDialog board={board.id} task={task} onClose={() => setAsking(false)} />}
    </>
  );
}
