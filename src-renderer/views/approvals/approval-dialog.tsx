import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { ApprovalView } from '../../../src-shared/views/approval.ts';
import { visibleText } from '../../../src-shared/visible-text.ts';
import { type Command, useCommands } from '../../app/commands.ts';
import { useApprovals } from '../../data/approvals.ts';
import { useAction } from '../../data/queries.ts';
import { Button } from '../../ui/button.tsx';
import { Code } from '../../ui/code.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Textarea } from '../../ui/input.tsx';
import { Time } from '../../ui/time.tsx';
import { closeApproval, openApproval, useOpenApproval } from './approval-state.ts';
import { reasonText, senderProof } from './approval-words.ts';
import { useSenderName } from './use-sender-name.ts';

/** Asks the owner of this machine about one run, and offers the way to it everywhere. */
export function ApprovalDialog(): ReactNode {
  const approvals = useApprovals();
  const id = useOpenApproval((state) => state.id);
  const first = approvals[0]?.id;
  const commands = useMemo<readonly Command[]>(
    () => [
      {
        id: 'approvals.open',
        title: 'Decide what waits for you',
        group: 'Agents',
        icon: ShieldCheck,
        disabledReason: first === undefined ? 'Nothing waits for you on this machine.' : undefined,
        run: (wanted) => {
          const next = wanted ?? first;
          if (next !== undefined) openApproval(next);
        },
      },
    ],
    [first],
  );
  useCommands(commands);
  return id === undefined ? null : <Asking key={id} view={approvals.find((each) => each.id === id)} />;
}

function Asking({ view }: { view: ApprovalView | undefined }): ReactNode {
  // What a person reads stays as it was when it was opened, and the answer is about exactly that.
  const [shown] = useState(view);
  const { mutate, variables, error, isPending } = useAction('approvals.answer');
  if (shown === undefined || (view === undefined && !isPending))
    return (
      <Dialog
        open
        onClose={closeApproval}
        title="This run does not wait any more"
        text="It was answered, cancelled, or its time was over."
        actions={<Button onClick={closeApproval}>Close</Button>}
      />
    );
  const answer = (allow: boolean) =>
    mutate({ id: shown.id, digest: shown.digest, allow }, { onSuccess: closeApproval });
  const busyWith = isPending ? variables.allow : undefined;
  const wait = isPending ? 'Your answer is on its way.' : undefined;
  return (
    <Dialog
      open
      onClose={closeApproval}
      width={640}
      title={`Let ${shown.agent} run once?`}
      text={`${reasonText(shown)} Your answer counts for exactly what is shown here, once.`}
      safe={
        <Button
          variant="danger"
          busy={busyWith === false}
          disabledReason={busyWith === true ? wait : undefined}
          onClick={() => answer(false)}
        >
          Deny
        </Button>
      }
      actions={
        <>
          <Button variant="plain" onClick={closeApproval}>
            Decide later
          </Button>
          <Button
            variant="main"
            busy={busyWith === true}
            disabledReason={busyWith === false ? wait : undefined}
            onClick={() => answer(true)}
          >
            Allow once
          </Button>
        </>
      }
    >
      <What view={shown} />
      {error !== null && (
        <p role="alert" className="text-small text-fail">
          {error.message} {error.hint}
        </p>
      )}
    </Dialog>
  );
}

function What({ view }: { view: ApprovalView }): ReactNode {
  const { sender, task, context } = view;
  const name = useSenderName(view);
  const fields = Object.keys(context).length;
  return (
    <>
      <dl className="grid grid-cols-[80px_minmax(0,1fr)] gap-x-12 gap-y-4 text-body">
        <Line name="From">
          <span className="flex flex-wrap items-center gap-x-6">
            <span className="font-medium wrap-anywhere text-1">{name}</span>
            <Icon
              icon={sender.verified ? ShieldCheck : ShieldAlert}
              size={14}
              className={sender.verified ? 'text-good' : 'text-late'}
            />
            <span className={sender.verified ? 'text-2' : 'text-late'}>{senderProof(view)}</span>
          </span>
        </Line>
        <Line name="Agent">
          {view.agent}
          {view.description !== '' && <span className="text-2"> {visibleText(view.description)}</span>}
        </Line>
        <Line name="Folder">
          <Code className="wrap-anywhere">{view.folder}</Code>
        </Line>
        <Line name="Waits until">
          <Time at={view.expires_at} as="moment" />
        </Line>
      </dl>
      <Block name="Task" text={visibleText(task)} />
      {fields > 0 && <Block name="Context" mono text={visibleText(JSON.stringify(context, undefined, 2))} />}
      <p className="truncate text-small text-3">
        Digest <span className="takeable font-mono text-mono-small">{view.digest}</span>
      </p>
    </>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <>
      <dt className="text-3">{name}</dt>
      <dd className="min-w-0 text-1">{children}</dd>
    </>
  );
}

/** Lines that are shown at once; the rest is reached by scrolling. */
const MOST_LINES = 10;
const LINE_LENGTH = 80;

function Block({ name, text, mono = false }: { name: string; text: string; mono?: boolean }): ReactNode {
  const lines = text.split('\n').reduce((sum, line) => sum + Math.ceil((line.length + 1) / LINE_LENGTH), 0);
  return (
    <Field label={name}>
      <Textarea
        readOnly
        value={text}
        rows={Math.min(MOST_LINES, Math.max(2, lines))}
        className={mono ? 'font-mono text-mono' : ''}
      />
    </Field>
  );
}
