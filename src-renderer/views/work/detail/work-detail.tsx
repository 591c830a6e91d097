import { useNavigate } from '@tanstack/react-router';
import { Activity } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import { isEnded } from '../../../../src-shared/protocol/work.ts';
import type { WorkDetail as Detail } from '../../../../src-shared/views/work-detail.ts';
import { listOf, useLive } from '../../../data/live.ts';
import { Banner } from '../../../ui/banner.tsx';
import { Button } from '../../../ui/button.tsx';
import { Failure, Loading } from '../../../ui/states.tsx';
import { StreamReader } from '../../activity/stream-items.ts';
import { useWorkActions } from '../use-work-actions.ts';
import type { Row } from '../waterfall/rows.ts';
import { stepsOf } from '../waterfall/steps.ts';
import { Waterfall } from '../waterfall/waterfall.tsx';
import { CancelDialog } from './cancel-dialog.tsx';
import { DetailHeader } from './detail-header.tsx';
import { DetailTabs } from './detail-tabs.tsx';
import { Notice } from './notice-box.tsx';
import { OutputReader } from './output-lines.ts';
import { waitingTool } from './permission.ts';

function useOutput(id: string) {
  const { items } = useLive('work.output', { id });
  const [reader] = useState(() => new OutputReader());
  const [streamReader] = useState(() => new StreamReader());
  const output = useMemo(() => reader.read(items), [reader, items]);
  const stream = useMemo(
    () => (output.typed ? streamReader.read(items) : undefined),
    [streamReader, output.typed, items],
  );
  const steps = useMemo(() => stepsOf(listOf(items)), [items]);
  return { output, stream, steps };
}

function Shown({ detail }: { detail: Detail }): ReactNode {
  const { record, spans } = detail;
  const navigate = useNavigate();
  const actions = useWorkActions(record);
  const { output, stream, steps } = useOutput(record.work_id);
  const [reveal, setReveal] = useState<{ key: string }>();
  const open = (row: Row) => {
    if (row.workId !== record.work_id) void navigate({ to: '/work/$workId', params: { workId: row.workId } });
    const key = lineFor(row, stream ? { lines: stream.items, firstOf: stream.firstOf } : output);
    if (row.workId === record.work_id && key !== undefined) setReveal({ key });
  };
  return (
    <>
      <DetailHeader record={record} actions={actions} />
      <Notice record={record} actions={actions} tool={waitingTool(stream?.items ?? [])} />
      <Waterfall spans={spans} steps={steps} runs={!isEnded(record.status)} onOpen={open} />
      <DetailTabs detail={detail} output={output} stream={stream} reveal={reveal} />
      {actions.asksToCancel && (
        <CancelDialog record={record} onClose={actions.closeCancel} onCancel={actions.cancel} />
      )}
    </>
  );
}

/** The first line of the output that an attempt said at or after the start of a bar. */
function lineFor(
  row: Row,
  output: { lines: readonly { key: string; time?: string }[]; firstOf: ReadonlyMap<number, string> },
): string | undefined {
  const first = row.attempt === undefined ? undefined : output.firstOf.get(row.attempt);
  if (first === undefined || row.kind === 'attempt') return first;
  const from = output.lines.findIndex((line) => line.key === first);
  const line = output.lines.find(
    (candidate, index) =>
      index >= from && candidate.time !== undefined && Date.parse(candidate.time) >= row.start,
  );
  return line?.key ?? first;
}

/** Everything about one work: how it stands, what it asks, where its time went, what it said and why it ran there. */
export function WorkDetail({ id }: { id: string }): ReactNode {
  const { items, state, error } = useLive('work.watch', { id });
  const navigate = useNavigate();
  const detail = items.get('work');
  if (detail === undefined && state !== 'loading' && (state === 'error' || error !== undefined))
    return (
      <Failure
        icon={Activity}
        title={error?.code === 'not_found' ? 'There is no such work' : 'This work cannot be shown'}
        {...(error === undefined ? {} : { error })}
        actions={
          <Button variant="main" onClick={() => void navigate({ to: '/work' })}>
            Show all work
          </Button>
        }
      />
    );
  if (detail === undefined) return <Loading label="Loading the work" />;
  return (
    <>
      {state === 'stale' && <Banner status="late">What is shown may be old. {error?.message}</Banner>}
      <Shown key={id} detail={detail} />
    </>
  );
}
