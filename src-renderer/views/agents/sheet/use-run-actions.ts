import { useState } from 'react';
import type { CallInput } from '../../../../src-shared/ipc.ts';
import type { RunView } from '../../../../src-shared/views/run.ts';
import { useAction } from '../../../data/queries.ts';
import { toastError } from '../../../ui/toast.tsx';
import { isOpen } from '../logic/run-facts.ts';

/** After this many milliseconds of a run, cancelling it asks first. */
const ASKS_AFTER_MS = 10_000;

/** What the sheet can do with runs, and what it waits for. */
export interface RunActions {
  start(input: CallInput<'runs.start'>, onStarted: (id: string) => void): void;
  starting: boolean;
  /** Why the last start was refused. */
  refused: string | undefined;
  /** Cancels, or asks first when much would be lost. */
  cancel(run: RunView): void;
  /** The run whose end is asked about. */
  asking: RunView | undefined;
  keep(): void;
  confirm(): void;
}

/** Starting and cancelling runs. */
export function useRunActions(): RunActions {
  const start = useAction('runs.start');
  const { mutate: stop } = useAction('runs.cancel');
  const [asking, setAsking] = useState<RunView | undefined>(undefined);
  const end = ({ id }: RunView) =>
    stop({ id }, { onError: (error) => toastError('The run was not cancelled', error) });
  return {
    start: (input, onStarted) => start.mutate(input, { onSuccess: ({ id }) => onStarted(id) }),
    starting: start.isPending,
    refused:
      start.error === null ? undefined : [start.error.message, start.error.hint].filter(Boolean).join(' '),
    cancel: (run) => {
      if (!isOpen(run)) return;
      if (Date.now() - Date.parse(run.started_at) > ASKS_AFTER_MS && run.state === 'running') setAsking(run);
      else end(run);
    },
    asking,
    keep: () => setAsking(undefined),
    confirm: () => {
      if (asking !== undefined) end(asking);
      setAsking(undefined);
    },
  };
}
