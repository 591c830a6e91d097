import { RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ErrorShape } from '../../../../src-shared/errors.ts';
import { openQuestion, type WorkRecord } from '../../../../src-shared/protocol/work.ts';
import { runCommand } from '../../../app/commands.ts';
import { useAction } from '../../../data/queries.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { cx } from '../../../ui/cx.ts';
import { plural } from '../../../ui/format.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { useNow } from '../../../ui/now.ts';
import { type Status, TONE_LINE, TONE_SUBTLE, type Tone } from '../../../ui/status.ts';
import { Time } from '../../../ui/time.tsx';
import { toastError } from '../../../ui/toast.tsx';
import type { Tool } from '../../activity/stream-items.ts';
import { asksAgain } from '../escalation.ts';
import type { WorkActions } from '../use-work-actions.ts';
import { QuestionBox } from './question-box.tsx';

interface BoxProps {
  label: string;
  status: Status;
  tone: Tone;
  title: ReactNode;
  meta?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}

function Box({ label, status, tone, title, meta, children, actions }: BoxProps): ReactNode {
  return (
    <section
      aria-label={label}
      className={cx(
        'mx-20 mb-12 flex shrink-0 items-start gap-10 rounded-card border px-14 py-12 max-wide:mx-16',
        TONE_LINE[tone],
        TONE_SUBTLE[tone],
      )}
    >
      <Glyph status={status} size={14} className="mt-3" />
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-12">
          <p className="takeable min-w-0 flex-1 text-body font-semibold wrap-anywhere text-1">{title}</p>
          {meta !== undefined && <span className="shrink-0 text-small text-2">{meta}</span>}
        </div>
        {children}
        {actions !== undefined && <div className="mt-8 flex flex-wrap gap-8">{actions}</div>}
      </div>
    </section>
  );
}

function ErrorWords({ error }: { error: ErrorShape }): ReactNode {
  return (
    <div className="mt-4 flex items-start gap-4">
      <p className="takeable max-h-120 min-w-0 overflow-y-auto text-body whitespace-pre-wrap wrap-anywhere text-2">
        {error.message} {error.hint}
      </p>
      <CopyButton text={`${error.code}: ${error.message}`} label="Copy the error with its code" />
    </div>
  );
}

function Attempts({ record }: { record: WorkRecord }): ReactNode {
  const told = record.attempts.filter((attempt) => attempt.reason !== undefined).slice(-3);
  if (told.length === 0) return null;
  return (
    <ul className="mt-4 text-small text-2">
      {told.map((attempt) => (
        <li key={attempt.attempt} className="truncate" title={attempt.reason}>
          Attempt {attempt.attempt} on {attempt.station_name}: {attempt.reason}
        </li>
      ))}
    </ul>
  );
}

function Acknowledge({ record }: { record: WorkRecord }): ReactNode {
  const { mutate, isPending } = useAction('work.acknowledge');
  const seen = record.escalation?.acknowledged;
  if (seen !== undefined)
    return (
      <span className="self-center text-small text-2">
        Seen by {seen.by}, <Time at={seen.at} as="moment" />
      </span>
    );
  return (
    <Button
      variant="plain"
      busy={isPending}
      onClick={() =>
        mutate({ id: record.work_id }, { onError: (error) => toastError('It was not acknowledged', error) })
      }
    >
      Acknowledge
    </Button>
  );
}

function Stopped({ record, actions }: NoticeProps): ReactNode {
  const now = useNow();
  const { escalation } = record;
  if (escalation === undefined) return null;
  const { cause } = escalation;
  const again = asksAgain(escalation, now);
  return (
    <Box
      label="Stopped"
      status="failed"
      tone="fail"
      title={
        cause.kind === 'verdict'
          ? `Stopped: ${cause.reason}`
          : `Stopped after ${plural(record.attempt, 'attempt')}`
      }
      meta={
        <>
          Waits <Time at={escalation.since} as="age" />
          {again !== undefined && `, asks again in ${again}`}
        </>
      }
      actions={
        <>
          <Button
            variant="main"
            icon={RotateCw}
            shortcut="R"
            busy={actions.isRetrying}
            busyLabel="Retrying"
            onClick={() => actions.commands.retry.run()}
          >
            Retry
          </Button>
          <Button onClick={() => actions.commands.rerun.run()}>Rerun with edits</Button>
          <Acknowledge record={record} />
        </>
      }
    >
      {cause.kind === 'attempts_used' && cause.error !== undefined && <ErrorWords error={cause.error} />}
      <Attempts record={record} />
    </Box>
  );
}

function Unplaceable({ record, actions }: NoticeProps): ReactNode {
  if (record.unplaceable === undefined) return null;
  return (
    <Box
      label="Unplaceable"
      status="queued"
      tone="late"
      title={record.unplaceable.reason}
      meta={
        <>
          Since <Time at={record.unplaceable.since} as="moment" />
        </>
      }
      actions={
        <>
          <Button onClick={() => actions.commands.rerun.run()}>Rerun with edits</Button>
          <Button variant="plain" onClick={() => void runCommand('go.stations')}>
            Open Stations
          </Button>
        </>
      }
    >
      <p className="mt-4 text-body text-2">
        It stays in the queue and starts when a station that can take it joins.
      </p>
    </Box>
  );
}

interface NoticeProps {
  record: WorkRecord;
  actions: WorkActions;
  /** The tool call that waits for permission. */
  tool: Tool | undefined;
}

/** What stands above the timeline: a question, why it stopped, why nothing takes it, or how it failed. */
export function Notice(props: NoticeProps): ReactNode {
  const { record } = props;
  const question = openQuestion(record);
  if (question !== undefined && record.escalation !== undefined)
    return (
      <QuestionBox
        key={question.id}
        workId={record.work_id}
        question={question}
        escalation={record.escalation}
        tool={props.tool}
      />
    );
  if (record.status === 'escalated') return <Stopped {...props} />;
  if (record.status === 'assigned') return <Unplaceable {...props} />;
  if (record.status === 'failed' && record.error !== undefined)
    return (
      <Box
        label="Failed"
        status="failed"
        tone="fail"
        title={`Failed in attempt ${record.attempt}`}
        {...(record.ended_at === undefined ? {} : { meta: <Time at={record.ended_at} as="moment" /> })}
      >
        <ErrorWords error={record.error} />
      </Box>
    );
  if (record.status === 'cancelled' && record.cancel !== undefined)
    return (
      <Box
        label="Cancelled"
        status="cancelled"
        tone="calm"
        title={`${record.cancel.by} cancelled it: ${record.cancel.reason}`}
        meta={<Time at={record.cancel.at} as="moment" />}
      />
    );
  return null;
}
