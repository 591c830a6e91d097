import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { WorkRecord } from '../../../../src-shared/protocol/work.ts';
import { Code, CommandLine } from '../../../ui/code.tsx';
import { duration } from '../../../ui/format.ts';
import { scrollProps } from '../../../ui/grid-roles.ts';
import { Id } from '../../../ui/id.tsx';
import { Time } from '../../../ui/time.tsx';
import { assignCommand } from '../command.ts';
import { doerOf, priorityWord } from '../words.ts';

function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <>
      <dt className="text-3">{name}</dt>
      <dd className="takeable min-w-0 wrap-anywhere text-1">{children}</dd>
    </>
  );
}

function WorkLink({ id }: { id: string }): ReactNode {
  return (
    <Link to="/work/$workId" params={{ workId: id }} className="text-accent-text hover:underline">
      <Code className="text-inherit">{id}</Code>
    </Link>
  );
}

/** What was asked for, in full. */
export function OrderPanel({ record }: { record: WorkRecord }): ReactNode {
  const context = Object.entries(record.context);
  return (
    <div
      {...scrollProps('Order')}
      className="min-h-0 flex-1 overflow-y-auto px-20 py-12 -outline-offset-2 max-wide:px-16"
    >
      <p className="takeable max-h-240 overflow-y-auto text-body whitespace-pre-wrap wrap-anywhere text-1">
        {record.task}
      </p>
      <dl className="mt-12 grid grid-cols-[112px_minmax(0,1fr)] gap-x-16 gap-y-6 text-small">
        <Fact name="For">{doerOf(record)}</Fact>
        {record.station !== undefined && <Fact name="Only on">{record.station}</Fact>}
        <Fact name="Priority">{priorityWord(record.priority)}</Fact>
        <Fact name="Attempts">{record.max_attempts}</Fact>
        {record.timeout_ms !== undefined && (
          <Fact name="Each attempt">at most {duration(record.timeout_ms)}</Fact>
        )}
        {record.deadline !== undefined && (
          <Fact name="Due">
            <Time at={record.deadline} as="moment" />
          </Fact>
        )}
        {record.labels.length > 0 && <Fact name="Labels">{record.labels.join(', ')}</Fact>}
        {record.dedupe_key !== undefined && (
          <Fact name="Dedupe key">
            <Code>{record.dedupe_key}</Code>
          </Fact>
        )}
        {context.map(([key, value]) => (
          <Fact key={key} name={key}>
            <Code>{typeof value === 'string' ? value : JSON.stringify(value)}</Code>
          </Fact>
        ))}
        <Fact name="Id">
          <Id id={record.work_id} />
        </Fact>
        {record.parent_id !== undefined && (
          <Fact name="Given by">
            <WorkLink id={record.parent_id} />
          </Fact>
        )}
        {record.retry_of !== undefined && (
          <Fact name="Again after">
            <WorkLink id={record.retry_of} />
          </Fact>
        )}
      </dl>
      <div className="mt-12">
        <CommandLine command={assignCommand(record)} />
      </div>
    </div>
  );
}
