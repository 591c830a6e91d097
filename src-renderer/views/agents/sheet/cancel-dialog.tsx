import type { ReactNode } from 'react';
import type { RunView } from '../../../../src-shared/views/run.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { roughDuration } from '../../../ui/format.ts';
import { agentOf, isOpen } from '../logic/run-facts.ts';

/** Asks before a run that took a while is cancelled; closes itself when the run ends meanwhile. */
export function CancelDialog(props: {
  run: RunView | undefined;
  onKeep(): void;
  onCancel(): void;
}): ReactNode {
  const { run, onKeep, onCancel } = props;
  if (run === undefined || !isOpen(run)) return null;
  const since = roughDuration(Date.now() - Date.parse(run.started_at));
  return (
    <Dialog
      open
      onClose={onKeep}
      title={`Cancel ${agentOf(run)} after ${since}?`}
      text={`Its program on ${run.station_name ?? 'its station'} is stopped, and what it did so far is not undone.`}
      safe={<Button onClick={onKeep}>Keep running</Button>}
      actions={
        <Button variant="destroy" onClick={onCancel}>
          Cancel the run
        </Button>
      }
    />
  );
}
