import { type ReactNode, useState } from 'react';
import type { WorkRecord } from '../../../../src-shared/protocol/work.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field } from '../../../ui/field.tsx';
import { duration } from '../../../ui/format.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { Input } from '../../../ui/input.tsx';

export interface CancelDialogProps {
  record: WorkRecord;
  onClose(): void;
  onCancel(reason: string): void;
}

/** Asks before work is cancelled that ran for a while: what is lost, and why a person does it. */
export function CancelDialog({ record, onClose, onCancel }: CancelDialogProps): ReactNode {
  const [reason, setReason] = useState('');
  const [since] = useState(() => Date.now() - Date.parse(record.started_at ?? record.created_at));
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Cancel work that ran for ${duration(since)}?`}
      text="Its process is stopped within 6 s. What it did so far stays done, and its output is kept."
      safe={
        <Button onClick={onClose} autoFocus>
          Let it run
        </Button>
      }
      actions={
        <Button variant="destroy" onClick={() => onCancel(reason)}>
          Cancel work
        </Button>
      }
    >
      <p className="flex items-center gap-8 rounded-card border border-border bg-surface px-12 py-8 text-small text-2">
        <Glyph status="running" size={13} />
        <span className="font-semibold text-1">{record.agent}</span>
        <span className="min-w-0 flex-1 truncate">{record.task}</span>
        <span className="text-3">{record.station_name}</span>
      </p>
      <Field label="Reason" hint="Everyone sees it with the work.">
        <Input
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.nativeEvent.isComposing) onCancel(reason);
          }}
        />
      </Field>
    </Dialog>
  );
}
