import { useNavigate } from '@tanstack/react-router';
import { Ellipsis, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import type { WorkView } from '../../../src-shared/views/work.ts';
import { useApprovals } from '../../data/approvals.ts';
import { useAction } from '../../data/queries.ts';
import { useWorkGroup } from '../../data/works.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { count } from '../../ui/format.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { RegionHead } from '../../ui/page.tsx';
import { Time } from '../../ui/time.tsx';
import { toastError } from '../../ui/toast.tsx';
import { ApprovalCards } from '../approvals/approval-cards.tsx';
import { useAnswering } from './detail/question-box.tsx';
import { asks, doerOf, stateOf } from './words.ts';

/** Choices a card shows; the rest is in the work itself. */
const CHOICES = 2;
/** Cards that are shown before the way to all of them. */
const CARDS = 6;

interface CardProps {
  work: WorkView;
  onOpen(): void;
}

function Question({ work, onOpen }: CardProps): ReactNode {
  const { sent, answer } = useAnswering(work.id, work.waits?.question_id);
  const choices = work.waits?.choices ?? [];
  return (
    <>
      {choices.slice(0, CHOICES).map((choice, index) => (
        <Button
          key={choice}
          size="small"
          variant={index === 0 ? 'main' : 'outlined'}
          busy={sent === choice}
          disabledReason={sent === undefined || sent === choice ? undefined : 'Another answer is on its way.'}
          onClick={() => answer(choice)}
          className="max-w-160"
        >
          {choice}
        </Button>
      ))}
      {choices.length > CHOICES && (
        <IconButton icon={Ellipsis} label="More answers" size={24} onClick={onOpen} />
      )}
      {choices.length === 0 && (
        <Button size="small" variant="main" onClick={onOpen}>
          Answer
        </Button>
      )}
    </>
  );
}

function Stopped({ work, onOpen }: CardProps): ReactNode {
  const { mutate, isPending } = useAction('work.retry');
  return (
    <>
      <Button
        size="small"
        icon={RotateCw}
        busy={isPending}
        onClick={() =>
          mutate({ id: work.id }, { onError: (error) => toastError('The work was not retried', error) })
        }
      >
        Retry
      </Button>
      <Button size="small" variant="plain" onClick={onOpen}>
        See attempts
      </Button>
    </>
  );
}

function Card({ work }: { work: WorkView }): ReactNode {
  const navigate = useNavigate();
  const open = () => void navigate({ to: '/work/$workId', params: { workId: work.id } });
  const said = stateOf(work);
  const asking = asks(work);
  return (
    <li
      className={cx(
        'flex flex-col gap-8 rounded-card border bg-surface p-12',
        asking ? 'border-ask-line' : 'border-border',
      )}
    >
      <div className="flex items-start gap-10">
        <Glyph status={said.status} size={14} label={said.word} className="mt-3" />
        <button
          type="button"
          onClick={open}
          title={work.task}
          className="min-w-0 flex-1 truncate rounded-hint text-left text-body font-medium text-1 hover:underline"
        >
          {work.task}
        </button>
        <span className="shrink-0 text-small text-3">
          <Time at={work.waits?.since ?? work.updated_at} as="age" />
        </span>
      </div>
      <p className="line-clamp-3 text-body wrap-anywhere text-2">{work.waits?.text}</p>
      <div className="flex flex-wrap items-center gap-6">
        {asking ? <Question work={work} onOpen={open} /> : <Stopped work={work} onOpen={open} />}
        <span className="ml-auto max-w-full truncate pl-8 text-small text-3">{doerOf(work)}</span>
      </div>
    </li>
  );
}

/** What waits for a person, each with its answers or its way on; nothing at all while nothing waits. */
export function NeedsYou(): ReactNode {
  const navigate = useNavigate();
  const waiting = useWorkGroup('needs_you');
  const approvals = useApprovals();
  if (waiting.length + approvals.length === 0) return null;
  const more = waiting.length - CARDS;
  return (
    <section aria-label="Needs you" className="border-b border-hairline pb-12">
      <RegionHead title="Needs you" meta={count(waiting.length + approvals.length)} line={false} />
      <ul className="flex flex-col gap-8 px-12">
        <ApprovalCards approvals={approvals} />
        {waiting.slice(0, CARDS).map((work) => (
          <Card key={work.id} work={work} />
        ))}
      </ul>
      {more > 0 && (
        <div className="px-12 pt-8">
          <Button size="small" variant="plain" onClick={() => void navigate({ to: '/work' })}>
            {count(more)} more
          </Button>
        </div>
      )}
    </section>
  );
}
