import { type ReactNode, useState } from 'react';
import type { BoardView } from '../../../src-shared/views/board.ts';
import { useAction } from '../../data/queries.ts';
import { Banner, LinkButton } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { plural } from '../../ui/format.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { toast, toastError } from '../../ui/toast.tsx';

function Findings({ board, onClose }: { board: BoardView; onClose(): void }): ReactNode {
  const { mutate, isPending } = useAction('board.doctor');
  const repair = () =>
    mutate(
      { board: board.id, fix: true },
      {
        onSuccess: (left) => {
          onClose();
          toast({
            status: left.length === 0 ? 'completed' : 'late',
            title: left.length === 0 ? 'The board is whole' : `${plural(left.length, 'finding')} left`,
          });
        },
        onError: (error) => toastError('The board was not repaired', error),
      },
    );
  return (
    <Dialog
      open
      onClose={onClose}
      width={560}
      title={`${plural(board.findings.length, 'finding')} on this board`}
      text="Repairing rebuilds what can be built from the logs again. Lines that cannot be read are set aside, never dropped."
      safe={<Button onClick={onClose}>Close</Button>}
      actions={
        <Button
          variant="main"
          busy={isPending}
          busyLabel="Repairing"
          disabledReason={board.read_only}
          onClick={repair}
        >
          Repair what is safe
        </Button>
      }
    >
      <ul className="flex max-h-320 flex-col gap-6 overflow-y-auto">
        {board.findings.slice(0, 200).map((finding) => (
          <li
            key={`${finding.task_id} ${finding.message}`}
            className="flex items-start gap-8 text-body text-2"
          >
            <Glyph
              status={finding.level === 'error' ? 'failed' : 'late'}
              size={12}
              label={finding.level}
              className="mt-4"
            />
            <span className="takeable min-w-0 wrap-anywhere">{finding.message}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** What a person should know about a board before using it. */
export function BoardBanners({ board, stale }: { board: BoardView; stale: boolean }): ReactNode {
  const [shown, setShown] = useState(false);
  const errors = board.findings.filter((finding) => finding.level === 'error').length;
  return (
    <>
      {board.read_only !== undefined && <Banner status="late">Read only. {board.read_only}</Banner>}
      {board.findings.length > 0 && (
        <Banner
          status={errors > 0 ? 'failed' : 'late'}
          action={<LinkButton onClick={() => setShown(true)}>Show and repair</LinkButton>}
        >
          {board.findings.length === 1
            ? board.findings[0]?.message
            : `${plural(board.findings.length, 'finding')} on this board. Nothing is lost.`}
        </Banner>
      )}
      {stale && <Banner status="late">The board is shown as it was. Reading it again.</Banner>}
      {shown && <Findings board={board} onClose={() => setShown(false)} />}
    </>
  );
}
