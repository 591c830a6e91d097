import { useNavigate } from '@tanstack/react-router';
import { CircleStop, Copy, PencilLine, RotateCw } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { isEnded, openQuestion, type WorkRecord } from '../../../src-shared/protocol/work.ts';
import { type Command, useCommands } from '../../app/commands.ts';
import { call, useAction } from '../../data/queries.ts';
import { toast, toastError } from '../../ui/toast.tsx';
import { assignCommand } from './command.ts';
import { openRerun } from './give/give-state.ts';

/** Work that ran for less than this is cancelled without a question, in milliseconds. */
const ASK_AFTER_MS = 10_000;

/** What a person can do with a work, from its buttons, its menu and the keyboard. */
export interface WorkActions {
  commands: { cancel: Command; retry: Command; rerun: Command; copy: Command };
  /** Whether the question before a cancel is open. */
  asksToCancel: boolean;
  closeCancel(): void;
  /** Cancels for good. */
  cancel(reason: string): void;
  isRetrying: boolean;
  isCancelling: boolean;
}

function cancelObstacle(record: WorkRecord): string | undefined {
  if (isEnded(record.status)) return 'It has ended.';
  return record.cancel === undefined ? undefined : 'It is being cancelled.';
}

function retryObstacle(record: WorkRecord): string | undefined {
  if (isEnded(record.status)) return undefined;
  if (record.status === 'escalated' && openQuestion(record) === undefined) return undefined;
  return record.status === 'assigned' ? 'It waits for its turn already.' : 'It still runs.';
}

function ranLong({ started_at }: WorkRecord): boolean {
  return started_at !== undefined && Date.now() - Date.parse(started_at) >= ASK_AFTER_MS;
}

function copyCommand(record: WorkRecord): void {
  void call('app.copy', { text: assignCommand(record) }).then(
    () => toast({ status: 'completed', title: 'Command copied' }),
    (error: unknown) => toastError('The command was not copied', error),
  );
}

/** The actions of a work, also as commands while it is shown. */
export function useWorkActions(record: WorkRecord): WorkActions {
  const navigate = useNavigate();
  const [asksToCancel, askToCancel] = useState(false);
  const { mutate: sendCancel, isPending: isCancelling } = useAction('work.cancel');
  const { mutate: sendRetry, isPending: isRetrying } = useAction('work.retry');
  const id = record.work_id;
  const cancel = useCallback(
    (reason: string) => {
      askToCancel(false);
      const words = reason.trim() === '' ? 'no reason given' : reason.trim();
      sendCancel(
        { id, reason: words },
        { onError: (error) => toastError('The work was not cancelled', error) },
      );
    },
    [id, sendCancel],
  );
  const retry = useCallback(
    () =>
      sendRetry(
        { id },
        {
          onSuccess: (made) => {
            if (made.id !== id) void navigate({ to: '/work/$workId', params: { workId: made.id } });
          },
          onError: (error) => toastError('The work was not retried', error),
        },
      ),
    [id, sendRetry, navigate],
  );
  const commands = useMemo<WorkActions['commands']>(
    () => ({
      cancel: {
        id: 'work.cancel',
        title: 'Cancel work',
        group: 'Work',
        icon: CircleStop,
        shortcut: 'Mod+.',
        disabledReason: cancelObstacle(record),
        run: () => (ranLong(record) ? askToCancel(true) : cancel('')),
      },
      retry: {
        id: 'work.retry',
        title: 'Retry',
        group: 'Work',
        icon: RotateCw,
        shortcut: 'R',
        disabledReason: retryObstacle(record),
        run: retry,
      },
      rerun: {
        id: 'work.rerun',
        title: 'Rerun with edits',
        group: 'Work',
        icon: PencilLine,
        shortcut: 'Shift+R',
        run: () => openRerun(record),
      },
      copy: {
        id: 'work.copy-command',
        title: 'Copy as command',
        group: 'Work',
        icon: Copy,
        shortcut: 'Shift+C',
        run: () => copyCommand(record),
      },
    }),
    [record, cancel, retry],
  );
  useCommands(useMemo(() => Object.values(commands), [commands]));
  return { commands, asksToCancel, closeCancel: () => askToCancel(false), cancel, isRetrying, isCancelling };
}
